import { sql, type Kysely, type Transaction } from 'kysely';
import { TrothError } from '../platform/errors.ts';
import type { Database } from '../platform/schema.ts';
import type { TileId, TileSource } from './tiles.ts';

export type Db = Kysely<Database> | Transaction<Database>;

/** A checkpoint as it stands in the database: not yet believed. */
export interface StoredHead {
  size: number;
  root: Buffer;
  note: string;
}

/** The newest checkpoint of the database, if the ledger was ever opened. */
export async function latestHead(db: Db): Promise<StoredHead | undefined> {
  const row = await db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'root', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { size: Number(row.size), root: row.root, note: row.note };
}

/** Tiles of the database; throws `ledger-tile-missing`. */
export function databaseTiles(db: Db): TileSource {
  return async ({ level, n }: TileId) => {
    const row = await db
      .selectFrom('ledger_tiles')
      .select('data')
      .where('level', '=', level)
      .where('n', '=', String(n))
      .executeTakeFirst();
    if (row === undefined) {
      throw new TrothError('ledger-tile-missing', `expected tile ${level}/${n} in the database; there is none`, {
        hint: 'run troth ledger verify',
      });
    }
    return row.data;
  };
}

/** The entries [start, end) in order; throws `ledger-entry-missing` where one is not there. */
export async function entriesBetween(db: Db, start: number, end: number): Promise<Buffer[]> {
  if (start === end) return [];
  const rows = await db
    .selectFrom('ledger_entries')
    .select(['idx', 'body'])
    .where('idx', '>=', String(start))
    .where('idx', '<', String(end))
    .orderBy('idx')
    .execute();
  rows.forEach((row, i) => {
    if (Number(row.idx) !== start + i) throw missing(start + i);
  });
  if (rows.length !== end - start) throw missing(start + rows.length);
  return rows.map((row) => row.body);
}

/** Only one process extends the ledger at a time; the lock ends with the transaction. */
export async function lockSequence(tx: Transaction<Database>, wait: boolean): Promise<boolean> {
  // The number is arbitrary, but every version of Troth must use the same one.
  if (wait) {
    await sql`select pg_advisory_xact_lock(7526756394251)`.execute(tx);
    return true;
  }
  const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_xact_lock(7526756394251) as got`.execute(tx);
  return rows[0]!.got;
}

/** Writes tiles as they now are; a tile that grew is replaced by its longer self. */
export async function putTiles(
  tx: Transaction<Database>,
  tiles: readonly { level: number; n: number; data: Buffer }[],
): Promise<void> {
  if (tiles.length === 0) return;
  await sql`insert into ledger_tiles (level, n, data)
    select * from unnest(${tiles.map((tile) => tile.level)}::int[], ${tiles.map((tile) => tile.n)}::bigint[], ${tiles.map((tile) => tile.data)}::bytea[])
    on conflict (level, n) do update set data = excluded.data`.execute(tx);
}

function missing(idx: number): TrothError {
  return new TrothError('ledger-entry-missing', `expected entry ${idx} in the database; there is none`, {
    hint: 'run troth ledger verify',
  });
}
