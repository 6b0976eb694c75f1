import { leafHash, type Frontier } from './merkle.ts';
import type { Checkpoint } from './checkpoint.ts';
import { TILE_WIDTH, frontierOf, tileWidth, type TileSource } from './tiles.ts';

/** A tile that a batch made or widened. */
export interface ChangedTile {
  level: number;
  n: number;
  data: Buffer;
}

/** The growing end of the log: what is needed to append without reading anything again. */
export interface Tail {
  head: Checkpoint;
  frontier: Frontier;
  /** The hashes of the unfinished tile of each level. */
  edges: Buffer[][];
  /** The entries of the unfinished bundle. */
  bundle: Buffer[];
}

/** The tail of the tree of `head`, read from its tiles; `bundle` are the entries behind the last full bundle. */
export async function tailOf(head: Checkpoint, tiles: TileSource, bundle: Buffer[]): Promise<Tail> {
  const edges: Buffer[][] = [];
  for (let level = 0; TILE_WIDTH ** level <= head.size; level += 1) {
    const n = Math.floor(head.size / TILE_WIDTH ** (level + 1));
    const width = tileWidth(level, n, head.size);
    const data = width === 0 ? new Uint8Array() : await tiles({ level, n, width });
    edges.push(Array.from({ length: width }, (_, i) => Buffer.from(data.subarray(i * 32, i * 32 + 32))));
  }
  return { head, frontier: await frontierOf(head.size, tiles), edges, bundle };
}

/** Appends entries to a tail: the root, the tail and the tiles that result. The given tail stays as it is. */
export function extend(
  tail: Tail,
  bodies: readonly Buffer[],
): { frontier: Frontier; edges: Buffer[][]; bundle: Buffer[]; tiles: ChangedTile[] } {
  const frontier = tail.frontier.clone();
  const edges = tail.edges.map((edge) => [...edge]);
  const tiles: ChangedTile[] = [];
  const touched = new Map<number, number>();
  for (const body of bodies) {
    frontier.append(leafHash(body), (height, node, hash) => {
      if (height % 8 !== 0) return;
      const level = height / 8;
      const n = Math.floor(node / TILE_WIDTH);
      const edge = (edges[level] ??= []);
      edge.push(Buffer.from(hash));
      touched.set(level, n);
      if (edge.length < TILE_WIDTH) return;
      tiles.push({ level, n, data: Buffer.concat(edge) });
      edges[level] = [];
      touched.delete(level);
    });
  }
  for (const [level, n] of touched) tiles.push({ level, n, data: Buffer.concat(edges[level]!) });
  const kept = Math.floor(frontier.size / TILE_WIDTH) * TILE_WIDTH - (tail.head.size - tail.bundle.length);
  return { frontier, edges, bundle: [...tail.bundle, ...bodies].slice(Math.max(0, kept)), tiles };
}
