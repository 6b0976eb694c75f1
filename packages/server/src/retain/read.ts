import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TrothError, errorCode } from '../platform/errors.ts';
import { FORMAT, Seal, type Manifest, type TextRow } from './format.ts';

/** One row of a backup with the table that it belongs to. */
export interface BackupRow {
  table: string;
  row: TextRow;
}

/** No line is longer, in characters: a policy text of 16 MB and more has room. */
const LINE_MOST = 64 * 1024 * 1024;

/**
 * Reads a whole backup without keeping it, and so checks it: form, shape of every row, number of rows, sum.
 * @throws TrothError `backup-missing`, `backup-invalid`, `backup-damaged`
 */
export async function checkBackup(file: string): Promise<Manifest> {
  const { manifest, rows } = await readBackup(file);
  for await (const row of rows) void row;
  return manifest;
}

/**
 * Reads a backup from its beginning: the manifest, then the rows as they are asked for. The sum is compared after the last row.
 * @throws as `checkBackup`, while the rows are read too
 */
export async function readBackup(file: string): Promise<{ manifest: Manifest; rows: AsyncIterable<BackupRow> }> {
  const seal = new Seal();
  const lines = readLines(file)[Symbol.asyncIterator]();
  const first = await lines.next();
  const manifest = parseManifest(first.done ? undefined : seal.line(first.value), file);
  return { manifest, rows: readRows(lines, manifest, seal, file) };
}

async function* readRows(
  lines: AsyncIterator<string>,
  manifest: Manifest,
  seal: Seal,
  file: string,
): AsyncIterable<BackupRow> {
  const widths = new Map(manifest.tables.map(({ name, columns }) => [name, columns.length]));
  let table: string | undefined;
  for (let number = 2; ; number += 1) {
    const next = await lines.next();
    if (next.done) throw damaged(file, number, 'it ends before its last line');
    const value = parse(next.value);
    if (Array.isArray(value)) {
      if (table === undefined || value.length !== widths.get(table) || !value.every(isText))
        throw damaged(file, number, 'a row has another shape');
      seal.line(next.value);
      seal.rows += 1;
      yield { table, row: value };
    } else if (isRecord(value) && typeof value['table'] === 'string' && widths.has(value['table'])) {
      seal.line(next.value);
      table = value['table'];
    } else if (isRecord(value) && typeof value['sha256'] === 'string') {
      const { rows, sha256 } = seal.last();
      if (value['rows'] !== rows || value['sha256'] !== sha256) throw damaged(file, number, 'its sum is another');
      if (!(await lines.next()).done) throw damaged(file, number + 1, 'something follows its last line');
      return;
    } else throw damaged(file, number, 'this line is none of a backup');
  }
}

/** Lines end at a line feed alone: other separators may stand inside a text. */
async function* readLines(file: string): AsyncIterable<string> {
  // Errors reach us by reading the last stream; the callback only keeps them from being unhandled.
  const stream = pipeline(createReadStream(file), createGunzip(), () => undefined).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of stream) {
      const parts = (rest + (chunk as string)).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
      if (rest.length > LINE_MOST) throw invalid(file, 'a line without end');
    }
  } catch (cause) {
    if (cause instanceof TrothError) throw cause;
    if (errorCode(cause) === 'ENOENT')
      throw new TrothError('backup-missing', 'expected a backup; there is no such file', { file });
    throw invalid(file, errorCode(cause));
  }
  if (rest !== '') throw damaged(file, 0, 'it ends within a line');
}

function parseManifest(line: string | undefined, file: string): Manifest {
  const value = line === undefined ? undefined : parse(line);
  if (!isRecord(value) || value['format'] !== FORMAT) throw invalid(file, 'another form');
  const { installation, migrations, tables } = value;
  const shaped =
    typeof installation === 'string' &&
    isTexts(migrations) &&
    Array.isArray(tables) &&
    tables.every((table) => isRecord(table) && typeof table['name'] === 'string' && isTexts(table['columns']));
  if (!shaped) throw invalid(file, 'a manifest that lacks something');
  return value as unknown as Manifest;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

function invalid(file: string, what: string): TrothError {
  return new TrothError('backup-invalid', `expected a backup of the form ${FORMAT}; came ${what}`, {
    file,
    hint: 'such files are made by ./troth backup',
  });
}

function damaged(file: string, line: number, what: string): TrothError {
  const where = line > 0 ? ` (line ${line} of its text)` : '';
  return new TrothError('backup-damaged', `expected the whole backup; ${what}${where}`, {
    file,
    hint: 'take another copy of it; nothing was restored',
  });
}
