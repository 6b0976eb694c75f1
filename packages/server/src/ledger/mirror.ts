import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TrothError } from '../platform/errors.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { Verifier } from './note.ts';
import {
  TILE_WIDTH,
  bundlePath,
  bundlesBetween,
  encodeBundle,
  frontierOf,
  tilePath,
  tilesBetween,
  type TileId,
  type TileSource,
} from './tiles.ts';

/** Where a mirror gets what it lacks: the batch just made, or the database. */
export interface MirrorSource {
  tile: TileSource;
  /** The entries [start, end). */
  entries(start: number, end: number): Promise<readonly Uint8Array[]>;
}

/** The last checkpoint that a mirror directory holds, not yet believed; undefined where there is none. */
export async function readMirrorNote(dir: string): Promise<string | undefined> {
  return (await readIfThere(join(dir, 'checkpoint')))?.toString('utf8');
}

/** Tiles of a mirror directory: the width asked for, else the full tile that replaced it. Throws `ledger-mirror-file-missing`. */
export function mirrorTiles(dir: string): TileSource {
  return async (tile: TileId) => {
    const data = await readEither(dir, tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH }));
    return data.subarray(0, tile.width * 32);
  };
}

/** The bundle `n` of a mirror directory in a tree where it has `width` entries (the full one may stand in for it). */
export function readMirrorBundle(dir: string, n: number, width: number): Promise<Buffer> {
  return readEither(dir, bundlePath(n, width), bundlePath(n, TILE_WIDTH));
}

/**
 * The public files of the log (c2sp.org/tlog-tiles), which stand outside the database: `checkpoint`, `tile/...`. Each file
 * appears whole or not at all; the checkpoint last, so that what it promises is there.
 */
export class Mirror {
  readonly dir: string;
  /** The checkpoint that the directory holds, verified; undefined before the first. */
  head: Checkpoint | undefined;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /** Opens a mirror; throws as `openCheckpoint` where its checkpoint is not this log's. */
  static async open(dir: string, verifier: Verifier): Promise<Mirror> {
    const mirror = new Mirror(dir);
    const note = await readMirrorNote(dir);
    if (note !== undefined) mirror.head = openCheckpoint(note, verifier);
    return mirror;
  }

  /** Do the tiles at the growing edge hash up to the checkpoint? */
  async intact(): Promise<boolean> {
    if (this.head === undefined) return true;
    try {
      return (await frontierOf(this.head.size, mirrorTiles(this.dir))).root().equals(this.head.root);
    } catch {
      return false;
    }
  }

  /**
   * Refuses a tree that does not begin with the tree of the mirror's checkpoint: signing it would be a fork.
   * Throws `ledger-rolled-back` (the database is behind) or `ledger-forked` (it went another way).
   */
  async guard(head: { size: number; root: Buffer }, tiles: TileSource): Promise<void> {
    const own = this.head;
    if (own === undefined) return;
    if (head.size < own.size) {
      throw new TrothError(
        'ledger-rolled-back',
        `expected a ledger of at least ${own.size} entries, as its mirror has; the database has ${head.size}`,
        {
          file: this.dir,
          hint: 'was an older dump restored? troth restore brings the ledger back from its mirror',
        },
      );
    }
    const root = head.size === own.size ? head.root : (await frontierOf(own.size, tiles)).root();
    if (!root.equals(own.root)) {
      throw new TrothError(
        'ledger-forked',
        `expected the database's first ${own.size} ledger entries to be those of the mirror; they differ`,
        {
          file: this.dir,
          hint: 'run troth ledger verify; the ledger will not sign two histories',
        },
      );
    }
  }

  /** Brings the directory up to a newer checkpoint. `rebuild` writes every file again. */
  async follow(head: Checkpoint, source: MirrorSource, rebuild = false): Promise<void> {
    const from = rebuild ? 0 : (this.head?.size ?? 0);
    if (this.head !== undefined && head.size === this.head.size && !rebuild) return;
    const retired: string[] = [];
    const writes: (() => Promise<void>)[] = [];
    const later = (path: (width: number) => string, width: number, data: () => Promise<Uint8Array>): void => {
      writes.push(async () => writeWhole(join(this.dir, path(width)), await data()));
      if (width === TILE_WIDTH) retired.push(`${path(TILE_WIDTH)}.p`);
    };
    for (const tile of tilesBetween(from, head.size)) {
      later(
        (width) => tilePath({ ...tile, width }),
        tile.width,
        async () => (await source.tile(tile)).subarray(0, tile.width * 32),
      );
    }
    for (const { n, width } of bundlesBetween(from, head.size)) {
      const start = n * TILE_WIDTH;
      later(
        (wide) => bundlePath(n, wide),
        width,
        async () => encodeBundle(await source.entries(start, start + width)),
      );
    }
    // A few at a time: each waits for the disk.
    for (let i = 0; i < writes.length; i += AT_ONCE)
      await Promise.all(writes.slice(i, i + AT_ONCE).map((write) => write()));
    await writeWhole(join(this.dir, 'checkpoint'), Buffer.from(head.note));
    await syncFolder(this.dir);
    this.head = head;
    for (const path of retired) await rm(join(this.dir, path), { recursive: true, force: true });
  }
}

/** Files written at the same time. */
const AT_ONCE = 8;

/** Writes a file beside its place, forces it to disk, and moves it in. */
async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o644);
    await handle
      .writeFile(data)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(draft, path);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  await folder.sync().finally(() => folder.close());
}

async function readEither(dir: string, path: string, other: string): Promise<Buffer> {
  const data = (await readIfThere(join(dir, path))) ?? (await readIfThere(join(dir, other)));
  if (data === undefined) {
    throw new TrothError('ledger-mirror-file-missing', 'expected a file of the ledger mirror; there is none', {
      file: join(dir, path),
      hint: 'copy it from another mirror',
    });
  }
  return data;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
