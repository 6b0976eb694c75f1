import { sql } from 'kysely';
import type { Checkpoint } from './checkpoint.ts';
import type { Findings } from './findings.ts';
import { Frontier, leafHash } from './merkle.ts';
import { mirrorTiles, readMirrorBundle } from './mirror.ts';
import type { Db } from './store.ts';
import { TILE_WIDTH, encodeBundle, frontierOf, tileWidth, tilesBetween } from './tiles.ts';

/** Entries read at once: whole tiles of them. */
const PAGE = 16 * TILE_WIDTH;

export interface StoredEntry {
  id: string;
  idx: string;
  body: Buffer;
}

/** What the tree of the database is held against. */
export interface Expected {
  /** Entries that there ought to be. */
  size: number;
  /** Signed roots of the database by size; only those whose signature holds. */
  roots: ReadonlyMap<number, Buffer>;
  /** The mirror's checkpoint and place, where there is one that this log signed. */
  mirror?: { dir: string; head: Checkpoint };
}

/** A place where an entry is not what the tiles say. */
interface Difference {
  idx: number;
  /** `unlike`: which witness disagrees with the entry. */
  unlike: ('database' | 'mirror')[];
  missing: boolean;
  moved: boolean;
}

/**
 * Walks the log once: computes each leaf from its entry, holds it against the tiles of database and mirror, and every signed root
 * against the tree. Two trees are kept where they part: one of the entries as they are, one of the leaves as the tiles have
 * them; the signatures tell which of the two is the log.
 */
export async function verifyTree(
  db: Db,
  expected: Expected,
  findings: Findings,
  onEntry: (entry: StoredEntry) => void,
): Promise<void> {
  const walk = new Walk(db, expected, findings);
  for (let start = 0; start < expected.size; start += PAGE)
    await walk.page(start, Math.min(expected.size, start + PAGE), onEntry);
  await walk.finish();
}

class Walk {
  private readonly db: Db;
  private readonly expected: Expected;
  private readonly findings: Findings;
  /** The tree of the leaves that the witnesses have. */
  private readonly held = new Frontier();
  /** The tree of the entries, once it differs from the other; `'broken'` after a missing entry. */
  private own: Frontier | 'same' | 'broken' = 'same';
  private readonly differences: Difference[] = [];
  /** Hashes of the tiles above level 0, by level: as the witnesses have it, and where the entries give others. */
  private readonly upper: Buffer[][] = [];
  private readonly ownUpper: Buffer[][] = [];
  private readonly failedRoots: number[] = [];
  private readonly ownRoots = new Set<number>();
  private mirrorFails = false;

  constructor(db: Db, expected: Expected, findings: Findings) {
    this.db = db;
    this.expected = expected;
    this.findings = findings;
    this.checkRoots(0);
  }

  async page(start: number, end: number, onEntry: (entry: StoredEntry) => void): Promise<void> {
    const rows = await this.db
      .selectFrom('ledger_entries')
      .select(['id', 'idx', 'body'])
      .where('idx', '>=', String(start))
      .where('idx', '<', String(end))
      .orderBy('idx')
      .execute();
    const entries = Array.from<StoredEntry | undefined>({ length: end - start });
    for (const row of rows) entries[Number(row.idx) - start] = row as StoredEntry;
    const stored = await this.databaseLeaves(start, end);
    for (let first = start; first < end; first += TILE_WIDTH) {
      const slice = entries.slice(first - start, first - start + TILE_WIDTH);
      await this.tile(first, slice, stored.get(first / TILE_WIDTH) ?? Buffer.alloc(0));
      for (const entry of slice) if (entry !== undefined) onEntry(entry);
    }
  }

  private async tile(first: number, entries: readonly (StoredEntry | undefined)[], database: Buffer): Promise<void> {
    const mirror = await this.mirrorLeaves(first);
    const leaves = entries.map((entry) => (entry === undefined ? undefined : leafHash(entry.body)));
    const expectedWidth = tileWidth(0, first / TILE_WIDTH, this.expected.size);
    if (database.length !== expectedWidth * 32) this.tileFinding(0, first / TILE_WIDTH, database.length === 0);
    for (const [i, leaf] of leaves.entries()) {
      const idx = first + i;
      const [inDatabase, inMirror] = [hashAt(database, i), hashAt(mirror, i)];
      const unlike = (
        [
          ['database', inDatabase],
          ['mirror', inMirror],
        ] as const
      )
        .filter(([, hash]) => hash !== undefined && !(leaf !== undefined && hash.equals(leaf)))
        .map(([name]) => name);
      if (leaf === undefined || unlike.length > 0) {
        this.differences.push({
          idx,
          unlike,
          missing: leaf === undefined,
          moved: leaf !== undefined && standsElsewhere(leaf, i, mirror, database),
        });
        if (this.own === 'same') this.own = this.held.clone();
      }
      if (leaf === undefined) this.own = 'broken';
      if (this.own instanceof Frontier)
        this.own.append(leaf!, (height, n, hash) => keep(this.ownUpper, height, n, hash));
      const witness = inMirror ?? inDatabase ?? leaf;
      this.held.append(witness ?? Buffer.alloc(32), (height, n, hash) => keep(this.upper, height, n, hash));
      this.checkRoots(idx + 1);
    }
    await this.compareBundle(first, entries);
  }

  private checkRoots(size: number): void {
    const root = this.expected.roots.get(size);
    const mirror = this.expected.mirror?.head;
    if (root === undefined && mirror?.size !== size) return;
    const heldRoot = this.held.root();
    const ownRoot = this.own === 'same' ? heldRoot : this.own === 'broken' ? undefined : this.own.root();
    if (root !== undefined) {
      if (!heldRoot.equals(root)) this.failedRoots.push(size);
      if (ownRoot?.equals(root)) this.ownRoots.add(size);
    }
    if (mirror?.size === size && !ownRoot?.equals(mirror.root)) this.mirrorFails = true;
  }

  /** The largest size that the database has a valid checkpoint of. */
  private newest(): number | undefined {
    let newest: number | undefined;
    for (const size of this.expected.roots.keys()) newest = Math.max(newest ?? 0, size);
    return newest;
  }

  async finish(): Promise<void> {
    const newest = this.newest();
    // Where the entries as they are hash to the newest signed root, they are the log, and a tile is what differs.
    const entriesHold = newest !== undefined && this.ownRoots.has(newest);
    await this.upperTiles(entriesHold);
    for (const size of this.failedRoots) {
      if (this.ownRoots.has(size)) continue;
      this.findings.add('checkpoint-root', `the signed root of ${size} entries is not the root of the tree`, {
        table: 'ledger_checkpoints',
        rowId: String(size),
      });
    }
    if (entriesHold && this.mirrorFails && this.differences.length > 0) {
      const { idx } = this.differences[0]!;
      this.findings.add(
        'forked',
        `database and mirror both bear signed checkpoints, but part at entry ${idx}: two histories were signed`,
        { entry: idx },
      );
    }
    for (const difference of runs(this.differences)) this.tell(difference, entriesHold);
    await this.checkRollback();
  }

  private tell({ idx, to, unlike, missing, moved }: Difference & { to: number }, entriesHold: boolean): void {
    const where = { table: 'ledger_entries' as const, entry: idx };
    if (missing) {
      const which = idx === to ? `entry ${idx} is` : `entries ${idx} to ${to} are`;
      this.findings.add('entry-missing', `${which} gone from the database`, where);
    } else if (entriesHold) {
      if (unlike.includes('database')) {
        const rowId = `0/${Math.floor(idx / TILE_WIDTH)}`;
        this.findings.add('tile-edited', `tile ${rowId} has another hash for entry ${idx} than the signed log`, {
          table: 'ledger_tiles',
          rowId,
          entry: idx,
        });
      }
      if (unlike.includes('mirror'))
        this.findings.add('mirror-edited', `the mirror has another hash for entry ${idx} than the signed log`, {
          entry: idx,
        });
    } else if (moved) {
      this.findings.add(
        'entry-moved',
        `entry ${idx} stands where the log has another: entries were put into another order`,
        where,
      );
    } else {
      this.findings.add('entry-edited', `entry ${idx} is not the one that was logged`, where);
    }
  }

  /** A mirror that is ahead knows entries that the database has lost. */
  private async checkRollback(): Promise<void> {
    const { mirror, size } = this.expected;
    if (mirror === undefined) return;
    const known = this.newest();
    if (known !== undefined && mirror.head.size > known) {
      const lost =
        mirror.head.size - 1 === known ? `entry ${known} is` : `entries ${known} to ${mirror.head.size - 1} are`;
      this.findings.add(
        'rolled-back',
        `the database ends at ${known} entries, its mirror at ${mirror.head.size}: ${lost} gone`,
        { entry: known },
      );
      const root = this.expected.roots.get(known)!;
      const mirrored = await frontierOf(known, mirrorTiles(mirror.dir)).then(
        (tree) => tree.root(),
        () => undefined,
      );
      if (mirrored !== undefined && !mirrored.equals(root)) {
        this.findings.add(
          'forked',
          `the mirror's first ${known} entries are others than the database's, though both are signed`,
          { entry: known },
        );
      }
    } else if (this.mirrorFails && this.differences.length === 0 && size >= mirror.head.size) {
      this.findings.add(
        'forked',
        `the mirror's checkpoint of ${mirror.head.size} entries has another root than the database`,
        {},
      );
    }
  }

  private async upperTiles(entriesHold: boolean): Promise<void> {
    const rows = await sql<{
      level: number;
      n: string;
      data: Buffer;
    }>`select level, n, data from ledger_tiles where level > 0 order by level, n`.execute(this.db);
    const stored = new Map(rows.rows.map((row) => [`${row.level}/${row.n}`, row.data]));
    for (const { level, n, width } of tilesBetween(0, this.expected.size)) {
      if (level === 0) continue;
      const data = stored.get(`${level}/${n}`);
      stored.delete(`${level}/${n}`);
      const own = entriesHold ? this.ownUpper[level] : undefined;
      const computed = Buffer.concat(
        Array.from({ length: width }, (_, i) => own?.[n * TILE_WIDTH + i] ?? this.upper[level]![n * TILE_WIDTH + i]!),
      );
      if (data === undefined || !data.equals(computed)) this.tileFinding(level, n, data === undefined);
    }
    for (const key of stored.keys())
      this.findings.add('tile-unexpected', `tile ${key} is beyond the log`, { table: 'ledger_tiles', rowId: key });
    const beyond = await sql<{
      n: string;
    }>`select n from ledger_tiles where level = 0 and n >= ${Math.ceil(this.expected.size / TILE_WIDTH)} or level < 0 limit 10`.execute(
      this.db,
    );
    for (const { n } of beyond.rows)
      this.findings.add('tile-unexpected', `tile 0/${n} is beyond the log`, { table: 'ledger_tiles', rowId: `0/${n}` });
  }

  private tileFinding(level: number, n: number, missing: boolean): void {
    const rowId = `${level}/${n}`;
    if (missing)
      this.findings.add('tile-missing', `tile ${rowId} is gone from the database`, { table: 'ledger_tiles', rowId });
    else this.findings.add('tile-edited', `tile ${rowId} is not as the log makes it`, { table: 'ledger_tiles', rowId });
  }

  private async databaseLeaves(start: number, end: number): Promise<Map<number, Buffer>> {
    const rows = await this.db
      .selectFrom('ledger_tiles')
      .select(['n', 'data'])
      .where('level', '=', 0)
      .where('n', '>=', String(start / TILE_WIDTH))
      .where('n', '<', String(Math.ceil(end / TILE_WIDTH)))
      .execute();
    return new Map(rows.map((row) => [Number(row.n), row.data]));
  }

  private async mirrorLeaves(first: number): Promise<Buffer> {
    const { mirror } = this.expected;
    const width = mirror === undefined ? 0 : tileWidth(0, first / TILE_WIDTH, mirror.head.size);
    if (mirror === undefined || width === 0) return Buffer.alloc(0);
    try {
      return Buffer.from(await mirrorTiles(mirror.dir)({ level: 0, n: first / TILE_WIDTH, width }));
    } catch {
      this.findings.add('mirror-file-missing', `the mirror lacks the tile of entry ${first}`, { entry: first });
      return Buffer.alloc(0);
    }
  }

  /** The mirror's bundle has to hold the very bytes, as far as the mirror reaches. */
  private async compareBundle(first: number, entries: readonly (StoredEntry | undefined)[]): Promise<void> {
    const { mirror } = this.expected;
    const width = mirror === undefined ? 0 : tileWidth(0, first / TILE_WIDTH, mirror.head.size);
    const known = entries.slice(0, width);
    if (mirror === undefined || width === 0 || known.includes(undefined) || known.length < width) return;
    if ((this.differences.at(-1)?.idx ?? -1) >= first) return;
    const bundle = await readMirrorBundle(mirror.dir, first / TILE_WIDTH, width).catch(() => undefined);
    if (bundle === undefined) {
      this.findings.add('mirror-file-missing', `the mirror lacks the bundle of entry ${first}`, { entry: first });
      return;
    }
    const expected = encodeBundle(known.map((entry) => entry!.body));
    if (!bundle.subarray(0, expected.length).equals(expected)) {
      this.findings.add('mirror-edited', `the mirror's bundle of the entries from ${first} holds other bytes`, {
        entry: first,
      });
    }
  }
}

/** Neighbouring missing entries become one finding. */
function* runs(differences: readonly Difference[]): Generator<Difference & { to: number }> {
  for (let i = 0; i < differences.length; i += 1) {
    const first = differences[i]!;
    let to = first.idx;
    while (first.missing && differences[i + 1]?.missing && differences[i + 1]!.idx === to + 1) {
      to += 1;
      i += 1;
    }
    yield { ...first, to };
  }
}

/** Keeps a node that stands in a tile above level 0. */
function keep(upper: Buffer[][], height: number, n: number, hash: Uint8Array): void {
  if (height === 0 || height % 8 !== 0) return;
  (upper[height / 8] ??= [])[n] = Buffer.from(hash);
}

function hashAt(tile: Buffer, i: number): Buffer | undefined {
  return tile.length >= (i + 1) * 32 ? tile.subarray(i * 32, i * 32 + 32) : undefined;
}

/** Do the witnesses have this leaf at another place of the same tile? */
function standsElsewhere(leaf: Buffer, at: number, mirror: Buffer, database: Buffer): boolean {
  for (let i = 0; i < TILE_WIDTH; i += 1) {
    if (i !== at && (hashAt(mirror, i) ?? hashAt(database, i))?.equals(leaf)) return true;
  }
  return false;
}
