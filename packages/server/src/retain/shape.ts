import type { ClientBase } from 'pg';
import { LEFT_OUT, type Manifest, type TableShape } from './format.ts';

/** All tables of the records, without those of the migrations and those that no backup holds. */
export async function readShapes(client: ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; counted: string | null; last: string | null }>(
    `select c.relname as name,
       array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns,
       max(a.attname::text) filter (where a.attidentity <> '') as counted,
       max(s.last_value)::text as last
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_sequences s on a.attidentity <> ''
       and format('%I.%I', s.schemaname, s.sequencename)::regclass = pg_get_serial_sequence(c.oid::regclass::text, a.attname)::regclass
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
       and c.relname not like 'kysely\\_%' and c.relname <> all($1)
     group by c.relname order by c.relname`,
    [LEFT_OUT],
  );
  return rows.map(({ name, columns, counted, last }) => ({
    name,
    columns,
    identity: counted === null ? null : { column: counted, last: last ?? '0' },
  }));
}

/** What the manifest tells from inside the database. */
export async function readState(
  client: ClientBase,
): Promise<Pick<Manifest, 'postgres' | 'migrations' | 'policies' | 'checkpoint'>> {
  const version = await client.query<{ server_version_num: string }>('show server_version_num');
  const migrations = await client.query<{ name: string }>('select name from kysely_migration order by name');
  const policies = await client.query<Manifest['policies'][number]>(
    `select policy_id as id, version, encode(hash, 'hex') as hash from policy_versions order by published_at`,
  );
  const checkpoint = await client.query<{ size: string; note: string }>(
    'select size::text, note from ledger_checkpoints order by ledger_checkpoints.size desc limit 1',
  );
  return {
    postgres: Math.floor(Number(version.rows[0]?.server_version_num) / 10_000),
    migrations: migrations.rows.map((row) => row.name),
    policies: policies.rows,
    checkpoint: checkpoint.rows[0] ?? null,
  };
}
