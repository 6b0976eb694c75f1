import type { PoolClient } from 'pg';
import { newOwnFile, openFile, syncFile } from '../sqlite/file.ts';
import { takeSteps } from '../sqlite/tables.ts';
import { SCHEMA } from './tables.ts';

/** Tables and columns in the order in which they refer to each other. */
const TABLES: Record<string, string[]> = {
  charter: ['one', 'format', 'installation', 'root_check'],
  epochs: ['epoch', 'wrapped', 'wrapped_index_key', 'made_at'],
  keys: ['person', 'kind', 'epoch', 'wrapped', 'born_at'],
  tombstones: ['person', 'at'],
  indexes: ['person', 'kind', 'value'],
  credentials: ['person', 'kind', 'hash'],
  tokens: ['hash', 'purpose', 'person', 'expires_at', 'sealed'],
};

const PAGE = 1_000;

/**
 * Copies a keyring out of PostgreSQL into the file of an SQLite home, from the snapshot of the caller's transaction. The copy is
 * a whole keyring: it can be opened in its place.
 */
export async function copyToFile(client: PoolClient, file: string): Promise<void> {
  newOwnFile(file);
  const database = openFile(file);
  try {
    database.exec('begin immediate');
    takeSteps(database);
    for (const [table, columns] of Object.entries(TABLES)) {
      const insert = database.prepare(`insert into ${table} values (${columns.map(() => '?').join(', ')})`);
      await client.query(`declare walk no scroll cursor for select ${columns.join(', ')} from ${SCHEMA}.${table}`);
      for (let more = true; more;) {
        const { rows } = await client.query<unknown[]>({ text: `fetch ${PAGE} from walk`, rowMode: 'array' });
        for (const row of rows) insert.run(...row.map(plain));
        more = rows.length === PAGE;
      }
      await client.query('close walk');
    }
    database.exec('commit');
  } finally {
    database.close();
  }
  syncFile(file);
}

function plain(value: unknown): string | number | Buffer | null {
  return value instanceof Date ? value.getTime() : (value as string | number | Buffer | null);
}
