import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg, { type Pool, type PoolClient } from 'pg';
import { TrothError, errorCode } from '../platform/errors.ts';
import { FORMAT, LEFT_OUT, Seal, type Manifest, type TableShape, type TextRow } from './format.ts';
import { readShapes, readState } from './shape.ts';

export interface BackupOptions {
  /** The records database; it may be serving. */
  pool: Pool;
  /** A file that is not there yet. */
  file: string;
  /** The keyring's installation id. */
  installation: string;
  /** The version of Troth. */
  version: string;
  madeAt: Date;
}

/** What was written. */
export interface BackupDone {
  manifest: Manifest;
  rows: number;
  /** Size of the file. */
  bytes: number;
}

const PAGE = 200;

/**
 * Writes the records, as they are at one moment, to one new file for its owner alone. The house may go on serving. Rows are read
 * in pages, so that memory does not grow with the house. Keyring and secrets are never in it.
 * @throws TrothError `backup-file-exists`, `backup-failed`
 */
export async function backup(options: BackupOptions): Promise<BackupDone> {
  const { file } = options;
  const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
  let done = false;
  const client = await options.pool.connect().catch(() => undefined);
  try {
    if (client === undefined)
      throw new TrothError('backup-failed', 'expected the records database to answer; it did not');
    await begin(client);
    const manifest: Manifest = {
      format: FORMAT,
      madeAt: options.madeAt.toISOString(),
      troth: options.version,
      installation: options.installation,
      ...(await readState(client)),
      tables: await readShapes(client),
      leftOut: LEFT_OUT,
    };
    const seal = new Seal();
    await pipeline(
      Readable.from(lines(client, manifest, seal)),
      createGzip({ level: 6 }),
      async (packed: AsyncIterable<Buffer>) => {
        for await (const chunk of packed) await handle.appendFile(chunk);
      },
    );
    await handle.sync();
    const { size } = await handle.stat();
    await syncFolder(dirname(file));
    done = true;
    return { manifest, rows: seal.rows, bytes: size };
  } catch (cause) {
    if (cause instanceof TrothError) throw cause;
    throw new TrothError(
      'backup-failed',
      `expected to write the records to a file; that failed (${errorCode(cause)})`,
      {
        file,
        cause,
        hint: 'is there room on the disk?',
      },
    );
  } finally {
    // Closing the connection ends its transaction and undoes its settings.
    client?.release(true);
    await handle.close();
    if (!done) await unlink(file).catch(() => undefined);
  }
}

async function begin(client: PoolClient): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
    set local timezone = 'UTC'; set local datestyle = 'ISO'; set local bytea_output = 'hex'; set local extra_float_digits = 3`);
}

async function* lines(client: PoolClient, manifest: Manifest, seal: Seal): AsyncIterable<string> {
  yield `${seal.line(JSON.stringify(manifest))}\n`;
  for (const table of manifest.tables) {
    yield `${seal.line(JSON.stringify({ table: table.name }))}\n`;
    for await (const rows of pages(client, table)) {
      seal.rows += rows.length;
      yield rows.map((row) => `${seal.line(JSON.stringify(row))}\n`).join('');
    }
  }
  yield `${JSON.stringify(seal.last())}\n`;
}

async function* pages(client: PoolClient, { name, columns }: TableShape): AsyncIterable<TextRow[]> {
  const quoted = columns.map((column) => `${pg.escapeIdentifier(column)}::text`);
  await client.query(`declare walk no scroll cursor for select ${quoted.join(', ')} from ${pg.escapeIdentifier(name)}`);
  for (let more = true; more;) {
    const { rows } = await client.query<TextRow>({ text: `fetch ${PAGE} from walk`, rowMode: 'array' });
    if (rows.length > 0) yield rows;
    more = rows.length === PAGE;
  }
  await client.query('close walk');
}

/** A new name in a folder is durable only when the folder itself is on the disk. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function cannotWrite(file: string, cause: unknown): TrothError {
  if (errorCode(cause) === 'EEXIST') {
    return new TrothError('backup-file-exists', 'expected the name of a new file; there is one already', {
      file,
      hint: 'give another name',
    });
  }
  return new TrothError('backup-failed', `expected to make the file of the backup; that failed (${errorCode(cause)})`, {
    file,
    cause,
  });
}
