import { timingSafeEqual } from 'node:crypto';
import { EMPTY_ROOT, nodeHash } from './merkle.ts';

/** What a verifier of an inclusion is given. */
export interface Inclusion {
  index: number;
  size: number;
  leaf: Uint8Array;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** Is the leaf at `index` in the tree of `size` with this root? A proof too short or too long fails (RFC 9162, 2.1.3.2). */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !allHashes([leaf, root, ...proof])) return false;
  let fn = index;
  let sn = size - 1;
  let node = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      node = nodeHash(node, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && timingSafeEqual(node, root);
}

/** What a verifier of a consistency is given. */
export interface Consistency {
  from: number;
  to: number;
  proof: readonly Uint8Array[];
  fromRoot: Uint8Array;
  toRoot: Uint8Array;
}

/**
 * Does the tree of `to` leaves begin with the tree of `from` leaves (RFC 9162, 2.1.4.2)? Equal sizes need equal roots and no
 * proof; every tree extends the empty one, whose root is fixed.
 */
export function verifyConsistency({ from, to, proof, fromRoot, toRoot }: Consistency): boolean {
  if (!isSize(from) || !isSize(to) || from > to || !allHashes([fromRoot, toRoot, ...proof])) return false;
  if (from === to) return proof.length === 0 && timingSafeEqual(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && timingSafeEqual(fromRoot, EMPTY_ROOT);
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let fn = from - 1;
  let sn = to - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let fr = first;
  let sr = first;
  for (const node of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(node, fr);
      sr = nodeHash(node, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, node);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && timingSafeEqual(fr, fromRoot) && timingSafeEqual(sr, toRoot);
}

// Halving by division, not by shift: sizes pass 2^31.
const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isPowerOfTwo = (n: number): boolean => 2 ** Math.round(Math.log2(n)) === n;
const allHashes = (values: readonly Uint8Array[]): boolean => values.every((value) => value.length === 32);
