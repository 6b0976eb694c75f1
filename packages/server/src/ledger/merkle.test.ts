import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_ROOT,
  Frontier,
  consistencyProofOf,
  inclusionProofOf,
  leafHash,
  nodeHash,
  rootOf,
  splitOf,
} from './merkle.ts';
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// The eight leaves, roots and proofs that the Certificate Transparency project publishes for RFC 6962.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (leaf) => leafHash(hex(leaf)),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex);
// [leaf, size, proof]
const INCLUSIONS: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
// [from, to, proof]
const CONSISTENCIES: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** Range hashes by the recursive definition of RFC 6962: the oracle that the frontier and the tiles are held against. */
const definition = (leaves: readonly Uint8Array[]) => {
  const mth = (start: number, end: number): Uint8Array => {
    if (end === start) return EMPTY_ROOT;
    if (end - start === 1) return leaves[start]!;
    const middle = start + splitOf(end - start);
    return nodeHash(mth(start, middle), mth(middle, end));
  };
  return mth;
};
const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

describe('the tree hash', () => {
  it('is SHA-256 of nothing for the empty tree', () => {
    expect(rootOf([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('gives the published roots', () => {
    expect(ROOTS.map((_, i) => rootOf(LEAVES.slice(0, i + 1)).toString('hex'))).toEqual(
      ROOTS.map((root) => root.toString('hex')),
    );
  });

  it('gives the published proofs, and they verify', async () => {
    const rangeHash = definition(LEAVES);
    for (const [index, size, expected] of INCLUSIONS) {
      const proof = await inclusionProofOf(index, size, rangeHash);
      expect(proof.map((node) => Buffer.from(node).toString('hex'))).toEqual(expected);
      expect(verifyInclusion({ index, size, leaf: LEAVES[index]!, proof, root: ROOTS[size - 1]! })).toBe(true);
    }
    for (const [from, to, expected] of CONSISTENCIES) {
      const proof = await consistencyProofOf(from, to, rangeHash);
      expect(proof.map((node) => Buffer.from(node).toString('hex'))).toEqual(expected);
      expect(verifyConsistency({ from, to, proof, fromRoot: ROOTS[from - 1]!, toRoot: ROOTS[to - 1]! })).toBe(true);
    }
  });

  it('equals the definition at every size, and tells each perfect subtree once', () => {
    const leaves = leavesOf(70);
    const mth = definition(leaves);
    const tree = new Frontier();
    const told = new Set<string>();
    for (const [i, leaf] of leaves.entries()) {
      tree.append(leaf, (height, n, hash) => {
        expect(Buffer.from(hash)).toEqual(Buffer.from(mth(n * 2 ** height, (n + 1) * 2 ** height)));
        expect(told.has(`${height}/${n}`)).toBe(false);
        told.add(`${height}/${n}`);
      });
      expect(tree.root()).toEqual(Buffer.from(mth(0, i + 1)));
      expect(tree.clone().root()).toEqual(tree.root());
    }
  });
});

describe('proofs', () => {
  const sizes = fc.integer({ min: 1, max: 130 });

  it('of every entry in every tree verify, and no altered one does', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, a, b) => {
        const index = a % size;
        const leaves = leavesOf(size);
        const root = rootOf(leaves);
        const leaf = leaves[index]!;
        const proof = await inclusionProofOf(index, size, definition(leaves));
        expect(verifyInclusion({ index, size, leaf, proof, root })).toBe(true);
        const no = (change: Partial<Parameters<typeof verifyInclusion>[0]>) =>
          expect(verifyInclusion({ index, size, leaf, proof, root, ...change })).toBe(false);
        no({ proof: [...proof, leaf] });
        no({ leaf: leafHash(Buffer.from('other')) });
        no({ root: EMPTY_ROOT });
        no({ index: size });
        no({ index: -1 });
        // A proof of the first leaf is also a path in a larger tree, only too short.
        no({ index, size: size * 4 });
        if (proof.length > 0) {
          no({ proof: proof.slice(1) });
          no({ proof: proof.slice(0, -1) });
          no({ proof: proof.with(b % proof.length, Buffer.alloc(32)) });
          no({ proof: proof.with(b % proof.length, Buffer.alloc(31)) });
        }
        if (size > 1) no({ index: (index + 1) % size });
      }),
      { numRuns: 200 },
    );
  });

  it('of every growth verify, and no altered one does', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (to, a, b) => {
        const from = (a % to) + 1;
        const leaves = leavesOf(to);
        const [fromRoot, toRoot] = [rootOf(leaves.slice(0, from)), rootOf(leaves)];
        const proof = await consistencyProofOf(from, to, definition(leaves));
        expect(verifyConsistency({ from, to, proof, fromRoot, toRoot })).toBe(true);
        const no = (change: Partial<Parameters<typeof verifyConsistency>[0]>) =>
          expect(verifyConsistency({ from, to, proof, fromRoot, toRoot, ...change })).toBe(false);
        no({ proof: [...proof, toRoot] });
        no({ toRoot: leafHash(Buffer.from('fork')) });
        no({ fromRoot: leafHash(Buffer.from('fork')) });
        no({ from: to + 1 });
        no({ to: to * 4 });
        if (proof.length > 0) {
          no({ proof: proof.slice(1) });
          no({ proof: proof.slice(0, -1) });
          no({ proof: proof.with(b % proof.length, Buffer.alloc(32)) });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('that end below the root of a larger tree are too short', async () => {
    const leaves = leavesOf(4);
    const root = rootOf(leaves);
    const proof = await inclusionProofOf(0, 4, definition(leaves));
    expect(verifyInclusion({ index: 0, size: 4, leaf: leaves[0]!, proof, root })).toBe(true);
    expect(verifyInclusion({ index: 0, size: 16, leaf: leaves[0]!, proof, root })).toBe(false);
    expect(verifyConsistency({ from: 4, to: 16, proof: [], fromRoot: root, toRoot: root })).toBe(false);
  });

  it('know the empty tree', async () => {
    const root = rootOf(LEAVES);
    expect(await consistencyProofOf(0, 8, definition(LEAVES))).toEqual([]);
    expect(verifyConsistency({ from: 0, to: 0, proof: [], fromRoot: EMPTY_ROOT, toRoot: EMPTY_ROOT })).toBe(true);
    expect(verifyConsistency({ from: 0, to: 8, proof: [], fromRoot: EMPTY_ROOT, toRoot: root })).toBe(true);
    expect(verifyConsistency({ from: 0, to: 8, proof: [root], fromRoot: EMPTY_ROOT, toRoot: root })).toBe(false);
    expect(verifyConsistency({ from: 0, to: 8, proof: [], fromRoot: root, toRoot: root })).toBe(false);
    expect(verifyInclusion({ index: 0, size: 0, leaf: LEAVES[0]!, proof: [], root: EMPTY_ROOT })).toBe(false);
    await expect(inclusionProofOf(0, 0, definition([]))).rejects.toMatchObject({ code: 'ledger-outside-tree' });
    await expect(consistencyProofOf(9, 8, definition(LEAVES))).rejects.toMatchObject({ code: 'ledger-outside-tree' });
  });
});
