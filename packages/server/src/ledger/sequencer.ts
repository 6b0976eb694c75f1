import { sql, type Kysely, type Transaction } from 'kysely';
import { TrothError } from '../platform/errors.ts';
import type { Database } from '../platform/schema.ts';
import { extend, tailOf, type ChangedTile, type Tail } from './batch.ts';
import { openCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './merkle.ts';
import type { Mirror, MirrorSource } from './mirror.ts';
import type { Signer } from './note.ts';
import type { Sealer } from './seal.ts';
import { databaseTiles, entriesBetween, latestHead, lockSequence, putTiles, type Db } from './store.ts';
import { TILE_WIDTH } from './tiles.ts';

/** Entries that one transaction takes at most. */
export const BATCH_MAX = 4_096;

/** What one turn of the sequencer did. */
export interface Turn {
  head: Checkpoint;
  /** Entries that got their place in this turn. */
  placed: number;
  /** Entries that wait without a seal of this house: not signed, and left where they are for a human to look at. */
  unsealed: number;
  /** What the mirror needs, without reading the database again; only where the mirror stands at the turn's beginning. */
  from: number;
  source: MirrorSource;
}

/** Gives committed entries their places, extends the tree and signs it: all in one transaction, one process at a time. */
export class Sequencer {
  private readonly db: Kysely<Database>;
  private readonly signer: Signer;
  private readonly sealer: Sealer;
  private readonly mirror: Mirror;
  private tail: Tail | undefined;

  constructor(db: Kysely<Database>, signer: Signer, sealer: Sealer, mirror: Mirror) {
    this.db = db;
    this.signer = signer;
    this.sealer = sealer;
    this.mirror = mirror;
  }

  /**
   * One turn. Undefined where another process is at it and `wait` is false.
   * Throws `ledger-rolled-back`, `ledger-forked`, `ledger-bad-signature`, `ledger-bad-checkpoint`: nothing is signed then.
   */
  async turn(wait: boolean): Promise<Turn | undefined> {
    const done = await this.db.transaction().execute(async (tx) => {
      if (!(await lockSequence(tx, wait))) return undefined;
      const tail = await this.currentTail(tx);
      const found = await tx
        .selectFrom('ledger_entries')
        .select(['id', 'body', 'seal'])
        .where('idx', 'is', null)
        .orderBy('id')
        .limit(BATCH_MAX)
        .execute();
      const waiting = found.filter(({ body, seal }) => this.sealer.holds(body, seal));
      const unsealed = found.length - waiting.length;
      if (waiting.length === 0) return { tail, from: tail.head.size, tiles: [], bodies: [], unsealed };
      const bodies = waiting.map((row) => row.body);
      const { tiles, ...grown } = extend(tail, bodies);
      const head = signCheckpoint(grown.frontier.size, grown.frontier.root(), this.signer);
      await place(
        tx,
        waiting.map((row) => row.id),
        tail.head.size,
      );
      await putTiles(tx, tiles);
      await putHead(tx, head);
      return { tail: { head, ...grown }, from: tail.head.size, tiles, bodies: [...tail.bundle, ...bodies], unsealed };
    });
    if (done === undefined) return undefined;
    // Only now, that the transaction stands.
    this.tail = done.tail;
    const { head } = done.tail;
    return {
      head,
      placed: head.size - done.from,
      unsealed: done.unsealed,
      from: done.from,
      source: batchSource(done.from, done.tiles, done.bodies),
    };
  }

  /** The tail in memory while it is still the database's; else read again, and believed only as far as signature and mirror go. */
  private async currentTail(tx: Transaction<Database>): Promise<Tail> {
    const stored = await latestHead(tx);
    if (stored === undefined) {
      const head = signCheckpoint(0, EMPTY_ROOT, this.signer);
      await this.mirror.guard(head, databaseTiles(tx));
      await putHead(tx, head);
      return tailOf(head, databaseTiles(tx), []);
    }
    if (this.tail?.head.size === stored.size && this.tail.head.root.equals(stored.root)) return this.tail;
    const head = openCheckpoint(stored.note, this.signer);
    const tiles = databaseTiles(tx);
    await this.mirror.guard(head, tiles);
    if (this.tail !== undefined && head.size < this.tail.head.size) throw rolledBack(this.tail.head.size, head.size);
    const bundle = await entriesBetween(tx, Math.floor(head.size / TILE_WIDTH) * TILE_WIDTH, head.size);
    const tail = await tailOf(head, tiles, bundle);
    if (head.size !== stored.size || !tail.frontier.root().equals(head.root)) {
      throw new TrothError(
        'ledger-forked',
        `expected tiles that hash to the signed root of ${head.size} entries; they do not`,
        {
          hint: 'run troth ledger verify; the ledger will not sign a tree that it cannot stand for',
        },
      );
    }
    return tail;
  }
}

/** Tiles and entries of the database, for a mirror that is further behind than one batch. */
export function databaseSource(db: Db): MirrorSource {
  return { tile: databaseTiles(db), entries: (start, end) => entriesBetween(db, start, end) };
}

function batchSource(from: number, tiles: readonly ChangedTile[], bodies: readonly Buffer[]): MirrorSource {
  const byPlace = new Map(tiles.map((tile) => [`${tile.level}/${tile.n}`, tile.data]));
  const first = Math.floor(from / TILE_WIDTH) * TILE_WIDTH;
  return {
    tile: async ({ level, n }) => byPlace.get(`${level}/${n}`)!,
    entries: async (start, end) => bodies.slice(start - first, end - first),
  };
}

async function place(tx: Transaction<Database>, ids: readonly string[], first: number): Promise<void> {
  // The bounds lead the planner to the rows that wait, where it knows nothing of the table yet.
  await sql`update ledger_entries set idx = ${first}::bigint + place.n - 1
    from unnest(${ids}::bigint[]) with ordinality as place(id, n)
    where ledger_entries.id = place.id and ledger_entries.idx is null
      and ledger_entries.id between ${ids[0]}::bigint and ${ids.at(-1)}::bigint`.execute(tx);
}

async function putHead(tx: Transaction<Database>, head: Checkpoint): Promise<void> {
  await tx
    .insertInto('ledger_checkpoints')
    .values({ size: String(head.size), root: head.root, note: head.note, at: new Date() })
    .execute();
}

function rolledBack(expected: number, came: number): TrothError {
  return new TrothError(
    'ledger-rolled-back',
    `expected a ledger of at least ${expected} entries, as this process signed; the database has ${came}`,
    {
      hint: 'was an older dump restored under a running server? stop it and run troth restore',
    },
  );
}
