import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '@troth/server';
import { isTrothError } from '../../../server/src/platform/errors.ts';
import { badUsage } from '../args.ts';
import { DATA_HELP, JSON_HELP, type Command, type Given } from '../command.ts';
import { count, print, printJson } from '../output.ts';
import { readText } from '../read-text.ts';
import { whereOf } from '../where.ts';

const NAME = 'ledger verify';

/** `./troth ledger verify`: does what the house holds agree with what it signed? */
export const command: Command = {
  help: `Usage: ./troth ledger verify [--data DIR] [--key VKEY] [--json]
       ./troth ledger verify --mirror DIR --key VKEY [--since FILE] [--json]

Verifies the ledger of a house with every row of records, consents and policy versions that it binds: whatever was edited, removed,
reordered, rolled back or put in by another way is told, with its row. The house may go on serving.

With --mirror it verifies a copy of the ledger's public files alone, offline, as an auditor does: no house, no secret is needed.

${DATA_HELP}
  --key VKEY        the verifier key (name+hash+base64), or a file that holds it; without it the house's own, which proves less
  --mirror DIR      a copy of the ledger's public files (DIR/ledger of a data directory, or /ledger of a server)
  --since FILE      an older checkpoint that you kept: the ledger must begin with it
${JSON_HELP}

Environment: DATABASE_URL as ./start has it.
Exit codes: 0 it holds, 1 something was found, 2 it could not be verified.`,
  options: { data: 'text', mirror: 'text', key: 'text', since: 'text', json: 'flag' },
  words: { least: 0, most: 0, what: '' },
  failed: 2,
  async run(_words, given) {
    const report = typeof given['mirror'] === 'string' ? await ofMirror(given['mirror'], given) : await ofHouse(given);
    if (given['json'] === true) printJson(report);
    else for (const line of told(report)) print(line);
    return report.ok ? 0 : 1;
  },
};

/** What a verification says. */
interface Report {
  ok: boolean;
  origin: string;
  /** Entries under the newest checkpoint. */
  size: number;
  /** Base64. */
  root: string;
  /** When that checkpoint was signed; the mirror does not tell. */
  signedAt?: string | undefined;
  /** Entries that wait for their place. */
  waiting?: number;
  /** Entries of the mirror. */
  mirrored?: number | undefined;
  rows?: object;
  findings: Finding[];
  unlisted: number;
}

async function ofHouse(given: Given): Promise<Report> {
  if (given['since'] !== undefined) throw badUsage(NAME, 'expected --since with --mirror alone');
  const own = await keyOf(given);
  const where = whereOf(given);
  const { readSealer, readVkey, verifyLedger, withSite } = await import('@troth/server');
  return withSite(where, {}, async ({ database: { db }, directories }) => {
    const vkey = own ?? (await readVkey(directories.secrets));
    const sealer = await readSealer(directories.secrets);
    const verdict = await verifyLedger({ db, vkey, mirrorDir: directories.ledger, ...(sealer && { sealer }) });
    const head = await db
      .selectFrom('ledger_checkpoints')
      .select('at')
      .where('size', '=', String(verdict.size))
      .executeTakeFirst();
    const { ok, origin, size, root, waiting, mirrored, rows, findings, unlisted } = verdict;
    return { ok, origin, size, root, signedAt: head?.at.toISOString(), waiting, mirrored, rows, findings, unlisted };
  });
}

async function ofMirror(dir: string, given: Given): Promise<Report> {
  if (given['data'] !== undefined) throw badUsage(NAME, 'expected either --data or --mirror; came both');
  const vkey = await keyOf(given);
  if (vkey === undefined) throw badUsage(NAME, 'expected --key VKEY with --mirror; it is missing');
  const read = typeof given['since'] === 'string' ? await readText(given['since'], 100_000) : undefined;
  if (read !== undefined && !('text' in read))
    throw badUsage(NAME, 'expected a checkpoint for --since; the file is too large for one');
  const { verifyMirror } = await import('@troth/server');
  return verifyMirror({ dir: resolve(dir), vkey, ...(read && { since: read.text }) });
}

/** The key as it was given, or as the file holds it that was named. */
async function keyOf({ key }: Given): Promise<string | undefined> {
  if (typeof key !== 'string') return undefined;
  const vkey = /^[^+\s]+\+[0-9a-f]{8}\+/.test(key) ? key : (await readFile(key, 'utf8').catch(() => key)).trim();
  const { parseVkey } = await import('@troth/server');
  try {
    parseVkey(vkey);
  } catch (error) {
    throw badUsage(NAME, isTrothError(error) ? `--key: ${error.message}` : 'expected a verifier key');
  }
  return vkey;
}

function told({ ok, origin, size, root, signedAt, waiting, mirrored, rows, findings, unlisted }: Report): string[] {
  const lines = [
    `ledger  ${origin}`,
    `size    ${count(size, 'entry', 'entries')}${waiting ? `, ${waiting} waiting for their place` : ''}`,
  ];
  if (root !== '') lines.push(`root    ${root}`);
  if (signedAt !== undefined) lines.push(`signed  ${signedAt}`);
  if (mirrored !== undefined) lines.push(`mirror  ${count(mirrored, 'entry', 'entries')}`);
  if (rows !== undefined)
    lines.push(
      `rows    ${Object.entries(rows)
        .map(([table, number]) => `${number} ${table}`)
        .join(', ')}`,
    );
  for (const finding of findings) lines.push(`found   ${finding.code}: ${finding.message}${placeOf(finding)}`);
  if (unlisted > 0) lines.push(`found   ${unlisted} more, not listed`);
  return [...lines, ok ? 'it holds' : `it does not hold: ${count(findings.length + unlisted, 'finding')}`];
}

/** Which row: table and ids, as far as they are known. */
function placeOf({ table, rowId, personId, field, entry }: Finding): string {
  const parts = [
    table,
    rowId === undefined ? undefined : `row ${rowId}`,
    field === undefined ? undefined : `field ${field}`,
    personId === undefined ? undefined : `person ${personId}`,
    entry === undefined ? undefined : `entry ${entry}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
