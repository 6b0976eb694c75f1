import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/schema.ts';
import type { Manifest, TableShape, TextRow } from './format.ts';
import type { BackupRow } from './read.ts';

/** Rows are written in groups of at most so many, and of at most so many characters. */
const ROWS_MOST = 500;
const TEXT_MOST = 4 * 1024 * 1024;

/** Writes the rows of a backup into empty tables. No table refers to another by a foreign key, so that their order is free. */
export async function loadRows(
  trx: Transaction<Database>,
  manifest: Manifest,
  rows: AsyncIterable<BackupRow>,
): Promise<number> {
  const shapes = new Map(manifest.tables.map((table) => [table.name, table]));
  const types = await columnTypes(trx);
  let group: TextRow[] = [];
  let size = 0;
  let table: string | undefined;
  let count = 0;
  const flush = async (): Promise<void> => {
    const shape = table === undefined ? undefined : shapes.get(table);
    if (shape !== undefined && group.length > 0) await insert(trx, shape, types, group);
    group = [];
    size = 0;
  };
  for await (const next of rows) {
    if (next.table !== table || group.length >= ROWS_MOST || size > TEXT_MOST) await flush();
    table = next.table;
    group.push(next.row);
    for (const text of next.row) size += text?.length ?? 0;
    count += 1;
  }
  await flush();
  for (const shape of manifest.tables) await setCounter(trx, shape);
  return count;
}

async function insert(
  trx: Transaction<Database>,
  { name, columns }: TableShape,
  types: Map<string, string>,
  rows: TextRow[],
): Promise<void> {
  const arrays = columns.map((_, at) => sql`${rows.map((row) => row[at] ?? null)}::text[]`);
  const names = columns.map((column) => sql.id(column));
  const cast = columns.map(
    (column) => sql`${sql.id('r', column)}::${sql.raw(types.get(`${name}.${column}`) ?? 'text')}`,
  );
  await sql`insert into ${sql.id(name)} (${sql.join(names)}) overriding system value
    select ${sql.join(cast)} from unnest(${sql.join(arrays)}) as r(${sql.join(names)})`.execute(trx);
}

/** The type of every column, by `table.column`, as PostgreSQL writes it. */
async function columnTypes(trx: Transaction<Database>): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; type: string }>`
    select c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'`.execute(trx);
  return new Map(rows.map((row) => [row.name, row.type]));
}

/** A column that counts by itself goes on where it was, or after the highest row. */
async function setCounter(trx: Transaction<Database>, { name, identity }: TableShape): Promise<void> {
  if (identity === null) return;
  const column = sql.id(identity.column);
  await sql`select setval(pg_get_serial_sequence(${name}, ${identity.column}),
    greatest(${identity.last}::bigint, (select max(${column}) from ${sql.id(name)}), 1),
    ${identity.last}::bigint > 0 or exists (select from ${sql.id(name)}))`.execute(trx);
}
