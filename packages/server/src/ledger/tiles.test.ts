import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frontier, consistencyProofOf, inclusionProofOf, leafHash, rootOf } from './merkle.ts';
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts';
import {
  bundlePath,
  bundlesBetween,
  decodeBundle,
  encodeBundle,
  frontierOf,
  rangeHasher,
  tilePath,
  tileWidth,
  tilesBetween,
} from './tiles.ts';

describe('paths', () => {
  it('are those of the format', () => {
    expect(tilePath({ level: 0, n: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, n: 0, width: 1 })).toBe('tile/2/000.p/1');
    expect(tilePath({ level: 1, n: 1000, width: 17 })).toBe('tile/1/x001/000.p/17');
    expect(bundlePath(273, 112)).toBe('tile/entries/273.p/112');
  });
});

describe('tiles', () => {
  it('of a tree of 70,000 are the ones that the format counts', () => {
    const tiles = [...tilesBetween(0, 70_000)];
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(tiles.filter(({ level, width }) => level > 0 || width < 256)).toEqual([
      { level: 0, n: 273, width: 112 },
      { level: 1, n: 0, width: 256 },
      { level: 1, n: 1, width: 17 },
      { level: 2, n: 0, width: 1 },
    ]);
  });

  it('of a tree of 256 are a full one and the first of the next level', () => {
    expect([...tilesBetween(0, 256)]).toEqual([
      { level: 0, n: 0, width: 256 },
      { level: 1, n: 0, width: 1 },
    ]);
    expect([...tilesBetween(0, 0)]).toEqual([]);
    expect([...tilesBetween(255, 255)]).toEqual([]);
    expect([...bundlesBetween(256, 256)]).toEqual([]);
  });

  it('that grew in steps cover what one step gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40_000 }), { maxLength: 6 }), (sizes) => {
        const steps = [...sizes].sort((a, b) => a - b);
        const widths = new Map<string, number>();
        for (const [i, to] of steps.entries()) {
          for (const { level, n, width } of tilesBetween(steps[i - 1] ?? 0, to)) widths.set(`${level}/${n}`, width);
        }
        const whole = new Map(
          [...tilesBetween(0, steps.at(-1) ?? 0)].map(({ level, n, width }) => [`${level}/${n}`, width]),
        );
        expect(widths).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('give every proof and frontier of a tree with three levels', async () => {
    const size = 66_100;
    const tree = new Frontier();
    const leaves: Buffer[] = [];
    const tiles = new Map<string, Uint8Array[]>();
    for (let i = 0; i < size; i += 1) {
      const leaf = leafHash(Buffer.from(String(i)));
      leaves.push(leaf);
      tree.append(leaf, (height, n, node) => {
        if (height % 8 !== 0) return;
        const key = `${height / 8}/${Math.floor(n / 256)}`;
        tiles.set(key, [...(tiles.get(key) ?? []), node]);
      });
    }
    const source = async ({ level, n }: { level: number; n: number }) => Buffer.concat(tiles.get(`${level}/${n}`)!);
    expect((await frontierOf(size, source)).root()).toEqual(tree.root());
    for (const index of [0, 255, 256, 65_535, 65_536, 66_099]) {
      const proof = await inclusionProofOf(index, size, rangeHasher(size, source));
      expect(verifyInclusion({ index, size, leaf: leaves[index]!, proof, root: tree.root() })).toBe(true);
    }
    for (const from of [1, 255, 256, 65_536, 66_000, size]) {
      const fromRoot = rootOf(leaves.slice(0, from));
      expect((await frontierOf(from, source)).root()).toEqual(fromRoot);
      const proof = await consistencyProofOf(from, size, rangeHasher(size, source));
      expect(verifyConsistency({ from, to: size, proof, fromRoot, toRoot: tree.root() })).toBe(true);
    }
  });

  it('that are too short are said to be so', async () => {
    const short = async () => new Uint8Array(32);
    await expect(frontierOf(3, short)).rejects.toMatchObject({ code: 'ledger-tile-short' });
    expect(tileWidth(0, 5, 256)).toBe(0);
  });
});

describe('bundles', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), (entries) => {
        expect(decodeBundle(encodeBundle(entries)).map((entry) => new Uint8Array(entry))).toEqual(
          entries.map((entry) => new Uint8Array(entry)),
        );
      }),
    );
    expect(decodeBundle(encodeBundle([Buffer.alloc(65_535)]))[0]).toHaveLength(65_535);
  });

  it('that are cut are refused', () => {
    const bundle = encodeBundle([Buffer.from('one'), Buffer.from('two')]);
    for (const end of [1, 4, 6, 9]) {
      expect(() => decodeBundle(bundle.subarray(0, end))).toThrow(
        expect.objectContaining({ code: 'ledger-bad-bundle' }),
      );
    }
  });
});
