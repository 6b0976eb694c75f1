import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { decodeEntry, type EntryFields } from '../../../packages/server/src/ledger/index.ts';
import type { Server } from '../../harness/server.ts';
import { eventually } from '../../harness/server.ts';

/** Rows of a table of the running house, read beside it through the database's socket. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  server: Server,
  query: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const note = join(server.data, 'records.place');
  const records = existsSync(note) ? readFileSync(note, 'utf8').trim() : join(server.data, 'records');
  // Lines 4 and 5: port and folder of the socket (PostgreSQL, storage-file-layout).
  const [, , , port, host] = readFileSync(join(records, 'pg', 'postmaster.pid'), 'utf8').split('\n');
  const client = new pg.Client({ host: host!, port: Number(port), user: 'troth', database: 'troth' });
  await client.connect();
  try {
    return (await client.query<Row>(query, values)).rows;
  } finally {
    await client.end();
  }
}

/** How many rows each table about people has. */
export async function holdings(server: Server): Promise<Record<string, number>> {
  const tables = ['people', 'records', 'consents', 'cases', 'mails', 'sessions'];
  const parts = tables.map((table) => `select '${table}' as name, count(*)::int as n from ${table}`);
  const rows = await rowsOf<{ name: string; n: number }>(server, parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

/** The public ledger as anyone can fetch it (C2SP tlog-tiles), decoded, up to its last signed state. */
export async function ledgerOf(base: string): Promise<EntryFields[]> {
  // A connection each, so that none is met that the server just closed as idle.
  const read = (path: string): Promise<Response> => fetch(new URL(path, base), { headers: { connection: 'close' } });
  const note = await (await read('/ledger/checkpoint')).text();
  const size = Number(note.split('\n')[1]);
  const entries: EntryFields[] = [];
  for (let n = 0; n * 256 < size; n += 1) {
    const width = Math.min(256, size - n * 256);
    const path = `/ledger/tile/entries/${String(n).padStart(3, '0')}${width === 256 ? '' : `.p/${width}`}`;
    let bundle = Buffer.from(await (await read(path)).arrayBuffer());
    while (bundle.length > 0) {
      const end = 2 + bundle.readUInt16BE(0);
      entries.push(decodeEntry(bundle.subarray(2, end)));
      bundle = bundle.subarray(end);
    }
  }
  return entries;
}

/** Waits until the ledger has an entry such as is looked for, from a place on. */
export function ledgerEntry(base: string, from: number, fits: (entry: EntryFields) => boolean): Promise<EntryFields> {
  return eventually(async () => (await ledgerOf(base)).slice(from).find(fits));
}
