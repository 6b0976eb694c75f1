import { TrothError } from '../platform/errors.ts';
import { Frontier, heightsOf, nodeHash, type RangeHash } from './merkle.ts';

/** Hashes in a full tile, entries in a full bundle (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;

/** One tile: level 0 holds leaf hashes, each level above the roots of the full tiles below. */
export interface TileId {
  level: number;
  n: number;
  /** 1 to 256. */
  width: number;
}

/** `x001/x234/067`, and `.p/W` behind it for a partial tile. */
function numberPath(n: number, width: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0');
  const parts = digits.match(/.{3}/g)!;
  const path = parts.map((part, i) => (i < parts.length - 1 ? `x${part}` : part)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/** Path of a hash tile below the log's prefix. */
export function tilePath({ level, n, width }: TileId): string {
  return `tile/${level}/${numberPath(n, width)}`;
}

/** Path of an entry bundle below the log's prefix. */
export function bundlePath(n: number, width: number): string {
  return `tile/entries/${numberPath(n, width)}`;
}

/** How many hashes the tile `n` of `level` holds in a tree of `size` entries: 0 to 256. */
export function tileWidth(level: number, n: number, size: number): number {
  return Math.min(TILE_WIDTH, Math.max(0, Math.floor(size / TILE_WIDTH ** level) - n * TILE_WIDTH));
}

/** The tiles that a tree of `to` entries has and the tree of `from` entries had not, or had narrower. */
export function* tilesBetween(from: number, to: number): Generator<TileId> {
  for (
    let level = 0, [old, now] = [from, to];
    now > 0;
    level += 1, old = Math.floor(old / TILE_WIDTH), now = Math.floor(now / TILE_WIDTH)
  ) {
    if (old === now) continue;
    for (let n = Math.floor(old / TILE_WIDTH); n * TILE_WIDTH < now; n += 1)
      yield { level, n, width: tileWidth(level, n, to) };
  }
}

/** The bundles that hold the entries `from` to `to` (the last exclusive), as wide as a tree of `to` entries makes them. */
export function* bundlesBetween(from: number, to: number): Generator<{ n: number; width: number }> {
  if (from === to) return;
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n += 1) yield { n, width: tileWidth(0, n, to) };
}

/** Entries with a 16-bit length before each. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((size, entry) => size + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    at = bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
}

/** The entries of a bundle; throws `ledger-bad-bundle` where lengths and bytes do not agree. */
export function decodeBundle(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 2;
    const end = start <= bytes.length ? start + bytes.readUInt16BE(at) : Infinity;
    if (end > bytes.length)
      throw new TrothError('ledger-bad-bundle', `entry bundle: expected whole entries; came a cut at byte ${at}`);
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}

/** Gives the bytes of a tile at least as wide as asked. */
export type TileSource = (tile: TileId) => Promise<Uint8Array>;

/** Range hashes of a tree of `size` entries, from tiles; each tile is fetched once. */
export function rangeHasher(size: number, source: TileSource): RangeHash {
  const cache = new Map<string, Promise<Uint8Array>>();
  const tile = (level: number, n: number): Promise<Uint8Array> => {
    const key = `${level}/${n}`;
    const found = cache.get(key) ?? source({ level, n, width: tileWidth(level, n, size) });
    cache.set(key, found);
    return found;
  };
  // The perfect subtree of 2^height leaves: within the tile that holds nodes of the nearest multiple of 8 below.
  const subtree = async (height: number, n: number): Promise<Uint8Array> => {
    const level = Math.floor(height / 8);
    const count = 2 ** (height % 8);
    const first = n * count;
    const bytes = await tile(level, Math.floor(first / TILE_WIDTH));
    const at = (first % TILE_WIDTH) * 32;
    if (bytes.length < at + count * 32)
      throw new TrothError(
        'ledger-tile-short',
        `tile ${level}/${n}: expected ${at / 32 + count} hashes; came ${bytes.length / 32}`,
      );
    return perfectRoot(bytes.subarray(at, at + count * 32));
  };
  return async (start, end) => {
    let from = start;
    const roots: Uint8Array[] = [];
    for (const height of heightsOf(end - start)) {
      roots.push(await subtree(height, from / 2 ** height));
      from += 2 ** height;
    }
    return Frontier.of(end - start, roots).root();
  };
}

/** The frontier of the tree of `size` entries, from tiles. */
export async function frontierOf(size: number, source: TileSource): Promise<Frontier> {
  const rangeHash = rangeHasher(size, source);
  const roots: Uint8Array[] = [];
  let from = 0;
  for (const height of heightsOf(size)) {
    roots.push(await rangeHash(from, from + 2 ** height));
    from += 2 ** height;
  }
  return Frontier.of(size, roots);
}

/** Root over 2^k hashes that stand one after another. */
function perfectRoot(hashes: Uint8Array): Uint8Array {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += 32) row.push(hashes.subarray(at, at + 32));
  while (row.length > 1) row = row.flatMap((node, i) => (i % 2 === 0 ? [nodeHash(node, row[i + 1]!)] : []));
  return row[0]!;
}
