import { TrothError } from '../platform/errors.ts';
import { ByteReader, ByteWriter, unreadable } from './bytes.ts';
import { checkWord } from './words.ts';

/** What kind of act an entry records. The order is the encoding: append only. */
export const ENTRY_KINDS = [
  'collect',
  'use',
  'change',
  'refuse',
  'consent',
  'erase',
  'sweep',
  'publish',
  'staff',
  'restore',
  'send',
  'case',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const OUTCOMES = ['permit', 'refusal'] as const;
/** Tables whose rows the ledger binds. The order is the encoding: append only. */
export const BOUND_TABLES = ['records', 'consents', 'policy_versions', 'ledger_openings', 'people'] as const;
export type BoundTable = (typeof BOUND_TABLES)[number];
const OPS = ['put', 'replace', 'drop'] as const;

/** What an entry does to a row that it binds: `before` stands in replace and drop, `after` in put and replace. */
export interface RowChange {
  table: BoundTable;
  op: (typeof OPS)[number];
  before?: Uint8Array;
  after?: Uint8Array;
}

/** A salted digest of something that only an opening tells, such as a reason. */
export interface Commitment {
  name: string;
  digest: Uint8Array;
}

/** An entry, decoded. It holds words of the policy, numbers and digests; nothing that a person typed. */
export interface EntryFields {
  kind: EntryKind;
  /** Milliseconds are kept. */
  at: Date;
  /** SHA-256 of the policy text in force. */
  policy: Uint8Array;
  outcome: (typeof OUTCOMES)[number];
  action: string;
  /** `person`, `staff`, `public`, `function:mailing`. */
  actor: string;
  /** Empty where the act has none; so with service, recipient and code. */
  purpose: string;
  service: string;
  recipient: string;
  data: string[];
  clauses: string[];
  /** The code of a refusal. */
  code: string;
  /** How many such acts the entry stands for; 1 as a rule. */
  count: number;
  /** `subjectCommitment` of the person, or 32 zero bytes for nobody. */
  subject: Uint8Array;
  rows: RowChange[];
  commitments: Commitment[];
}

/** The layout's version: the first byte of every entry. */
const ENTRY_VERSION = 1;
/** C2SP tlog-tiles prefixes an entry with a 16-bit length. */
const ENTRY_MAX_BYTES = 65_535;
/** Rows in one entry. Replacements are twice as long as the others: no more than about 980 of them fit. */
const ENTRY_MAX_ROWS = 1_000;

/**
 * The bytes of an entry (layout: docs/reference/ledger.md). Throws `ledger-bad-word` where a word could be free text,
 * `ledger-bad-entry` where a digest has another length than 32 or the entry is too long.
 */
export function encodeEntry(fields: EntryFields): Buffer {
  const { kind, outcome, at, count, data, clauses, rows, commitments } = fields;
  const writer = new ByteWriter();
  writer
    .u8(ENTRY_VERSION)
    .u8(codeOf('kind', ENTRY_KINDS, kind))
    .u8(codeOf('outcome', OUTCOMES, outcome));
  if (Number.isNaN(at.getTime())) throw badEntry('at: expected a valid time; came none');
  writer.time(at).raw(digest('policy', fields.policy)).raw(digest('subject', fields.subject));
  if (!Number.isInteger(count) || count < 1 || count > 0xffff_ffff)
    throw badEntry(`count: expected 1 to 4294967295; came ${count}`);
  writer.u32(count);
  word(writer, checkWord('action', fields.action));
  word(writer, checkWord('actor', fields.actor));
  for (const name of ['purpose', 'service', 'recipient', 'code'] as const)
    word(writer, checkWord(name, fields[name], 'empty'));
  words(writer, 'data', data);
  words(writer, 'clauses', clauses);
  writer.u16(limit('rows', rows.length, ENTRY_MAX_ROWS));
  for (const row of rows) change(writer, row);
  writer.u8(limit('commitments', commitments.length, 255));
  for (const { name, digest: value } of commitments) {
    word(writer, checkWord('commitment', name));
    writer.raw(digest('commitment', value));
  }
  limit('bytes', writer.done().length, ENTRY_MAX_BYTES);
  return Buffer.from(writer.done());
}

/** The fields of an entry; throws `ledger-entry-unreadable` on any other bytes than `encodeEntry` would write. */
export function decodeEntry(bytes: Uint8Array): EntryFields {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  if (version !== ENTRY_VERSION) throw unreadable(`expected layout ${ENTRY_VERSION}; came ${version}`);
  const kind = nameOf('kind', ENTRY_KINDS, reader.u8());
  const outcome = nameOf('outcome', OUTCOMES, reader.u8());
  const [at, policy, subject, count] = [reader.time(), reader.raw(32), reader.raw(32), reader.u32()];
  const [action, actor, purpose] = [readWord(reader), readWord(reader), readWord(reader)];
  const [service, recipient, code] = [readWord(reader), readWord(reader), readWord(reader)];
  const data = times(reader.u16(), () => readWord(reader));
  const clauses = times(reader.u16(), () => readWord(reader));
  const rows = times(reader.u16(), () => readChange(reader));
  const commitments = times(reader.u8(), () => ({ name: readWord(reader), digest: reader.raw(32) }));
  reader.end();
  return {
    kind,
    at,
    policy,
    outcome,
    action,
    actor,
    purpose,
    service,
    recipient,
    data,
    clauses,
    code,
    count,
    subject,
    rows,
    commitments,
  };
}

function change(writer: ByteWriter, row: RowChange): void {
  writer.u8(codeOf('table', BOUND_TABLES, row.table)).u8(codeOf('op', OPS, row.op));
  if ((row.before !== undefined) !== (row.op !== 'put') || (row.after !== undefined) !== (row.op !== 'drop')) {
    throw badEntry(`rows: expected digests before and after as ${row.op} needs them; came others`);
  }
  if (row.before) writer.raw(digest('before', row.before));
  if (row.after) writer.raw(digest('after', row.after));
}

function readChange(reader: ByteReader): RowChange {
  const table = nameOf('table', BOUND_TABLES, reader.u8());
  const op = nameOf('op', OPS, reader.u8());
  if (op === 'put') return { table, op, after: reader.raw(32) };
  if (op === 'drop') return { table, op, before: reader.raw(32) };
  return { table, op, before: reader.raw(32), after: reader.raw(32) };
}

function word(writer: ByteWriter, value: string): void {
  writer.u8(value.length).raw(Buffer.from(value, 'latin1'));
}

function words(writer: ByteWriter, name: string, values: readonly string[]): void {
  writer.u16(limit(name, values.length, 0xffff));
  for (const value of values) word(writer, checkWord(name, value));
}

function readWord(reader: ByteReader): string {
  return reader.raw(reader.u8()).toString('latin1');
}

function times<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, read);
}

/** Codes are 1 for the first name: a zeroed byte is no entry. */
function codeOf<T extends string>(what: string, names: readonly T[], name: T): number {
  const at = names.indexOf(name);
  if (at < 0) throw badEntry(`${what}: expected one of ${names.join(', ')}; came another`);
  return at + 1;
}

function nameOf<T extends string>(what: string, names: readonly T[], code: number): T {
  const name = names[code - 1];
  if (name === undefined) throw unreadable(`${what}: expected 1 to ${names.length}; came ${code}`);
  return name;
}

function digest(what: string, value: Uint8Array): Uint8Array {
  if (value.length !== 32) throw badEntry(`${what}: expected 32 bytes; came ${value.length}`);
  return value;
}

function limit(what: string, value: number, most: number): number {
  if (value > most) throw badEntry(`${what}: expected at most ${most}; came ${value}`);
  return value;
}

function badEntry(what: string): TrothError {
  return new TrothError('ledger-bad-entry', `ledger entry, ${what}`);
}
