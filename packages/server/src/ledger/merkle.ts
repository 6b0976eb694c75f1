import { hash } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';

/** The root of the empty tree: SHA-256 of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT: Buffer = Buffer.from(hash('sha256', '', 'hex'), 'hex');

const pair = Buffer.alloc(65);
pair[0] = 1;

// `hash` to a latin1 string and back into bytes is twice as fast as asking it for a Buffer (1.6 against 3.3 microseconds).
/** SHA-256 of bytes, the fast way. */
export function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1');
}

/** Hash of a leaf: SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Buffer {
  const prefixed = Buffer.allocUnsafe(entry.length + 1);
  prefixed[0] = 0;
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/** Merkle tree hash of a list of leaf hashes (RFC 6962, 2.1), by the definition: for tests and short lists. */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  const tree = new Frontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** The perfect subtrees that a tree of a size consists of, from left to right, as heights: the ones of its binary form. */
export function heightsOf(size: number): number[] {
  const heights: number[] = [];
  for (let height = 0, rest = size; rest > 0; height += 1, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) heights.unshift(height);
  return heights;
}

/**
 * The right edge of a growing tree: the roots of its perfect subtrees, enough to append leaves and to tell the root, in
 * memory that grows with the logarithm of the size.
 */
export class Frontier {
  size = 0;
  private readonly stack: Uint8Array[] = [];
  private readonly heights: number[] = [];

  /** Continues a tree from the roots of its perfect subtrees, as `heightsOf(size)` orders them. */
  static of(size: number, roots: readonly Uint8Array[]): Frontier {
    const frontier = new Frontier();
    frontier.size = size;
    frontier.heights.push(...heightsOf(size));
    frontier.stack.push(...roots);
    if (frontier.stack.length !== frontier.heights.length)
      throw new RangeError('as many roots as the size has binary ones');
    return frontier;
  }

  clone(): Frontier {
    return Frontier.of(this.size, this.stack);
  }

  /**
   * Appends a leaf hash.
   * @param onNode is told of each perfect subtree that this leaf completes: its height (0 for the leaf itself), its number
   *   among the subtrees of that height, and its hash.
   */
  append(leaf: Uint8Array, onNode?: (height: number, n: number, hash: Uint8Array) => void): void {
    let height = 0;
    let n = this.size;
    let node = leaf;
    onNode?.(height, n, node);
    while (this.heights.at(-1) === height) {
      node = nodeHash(this.stack.pop()!, node);
      this.heights.pop();
      height += 1;
      n = Math.floor(n / 2);
      onNode?.(height, n, node);
    }
    this.stack.push(node);
    this.heights.push(height);
    this.size += 1;
  }

  /** The root of the tree as it stands. */
  root(): Buffer {
    let node = this.stack.at(-1);
    if (node === undefined) return EMPTY_ROOT;
    for (let i = this.stack.length - 2; i >= 0; i -= 1) node = nodeHash(this.stack[i]!, node);
    return Buffer.from(node);
  }
}

/** The largest power of two below `n` (n > 1): where RFC 6962 splits a list. */
export function splitOf(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}

/** Fetches or computes the hash of the leaves [start, end). */
export type RangeHash = (start: number, end: number) => Promise<Uint8Array> | Uint8Array;

/** Inclusion proof of leaf `index` in the tree of `size` leaves, leaf's sibling first (RFC 9162, 2.1.3). */
export async function inclusionProofOf(index: number, size: number, rangeHash: RangeHash): Promise<Uint8Array[]> {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw outside(`an index below ${size}`, index);
  const path = async (start: number, end: number): Promise<Uint8Array[]> => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    if (index < middle) return [...(await path(start, middle)), await rangeHash(middle, end)];
    return [...(await path(middle, end)), await rangeHash(start, middle)];
  };
  return path(0, size);
}

/** Consistency proof between the trees of `from` and `to` leaves (RFC 9162, 2.1.4); empty for equal sizes and for from = 0. */
export async function consistencyProofOf(from: number, to: number, rangeHash: RangeHash): Promise<Uint8Array[]> {
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= to)) throw outside(`a size of at most ${to}`, from);
  if (from === 0 || from === to) return [];
  const subproof = async (start: number, end: number, whole: boolean): Promise<Uint8Array[]> => {
    if (from === end) return whole ? [] : [await rangeHash(start, end)];
    const middle = start + splitOf(end - start);
    if (from <= middle) return [...(await subproof(start, middle, whole)), await rangeHash(middle, end)];
    return [...(await subproof(middle, end, false)), await rangeHash(start, middle)];
  };
  return subproof(0, to, true);
}

function outside(expected: string, came: number): TrothError {
  return new TrothError('ledger-outside-tree', `expected ${expected}; came ${came}`, {
    hint: 'a proof is for an entry or size that the checkpoint covers',
  });
}
