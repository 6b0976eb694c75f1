import { sql, type Kysely, type Transaction } from 'kysely';
import type { Consents, Database, Records } from '../platform/schema.ts';
import type { Evidence } from './evidence.ts';

export type RecordRow = Omit<Records, 'entry_id'>;
export type ConsentRow = Omit<Consents, 'entry_id'>;

/** One effect on one person and its evidence, as a single statement. */
export interface Effect {
  person: string;
  /** The epoch that the permit was decided under (none for an answer, which needs no permit), or the birth of a person who is new. */
  standing: { epoch: number | undefined } | { birth: { kind: string; at: Date } };
  /** Whether the effect is itself an answer, so that older permits die. */
  answers: boolean;
  evidence: Evidence;
  puts: RecordRow[];
  /** Corrections: the row as it shall be; its version is one more than the row in the database must have. */
  replaces: RecordRow[];
  consents: ConsentRow[];
}

/**
 * Writes an effect: the person's standing is checked again inside the statement, under a lock that an answer or an erasure must
 * wait for, so that a withdrawal that landed first wins. Nothing is written where the standing has changed.
 * @returns the entry's id, or undefined where the person has answered otherwise, is gone, or a corrected row moved on.
 */
export async function writeEffect(
  db: Kysely<Database> | Transaction<Database>,
  effect: Effect,
): Promise<string | undefined> {
  const { puts, replaces, consents } = effect;
  const { rows } = await sql<{ id: string; changed: string }>`
    with ${standing(effect)}, opening as (
      insert into ledger_openings (person_id, entry_id, sealed)
      select ${effect.person}::uuid, id, ${effect.evidence.sealed}::bytea from entry
    )
    ${puts.length === 0 ? sql`` : sql`, put as (${putRecords(puts)})`}
    ${replaces.length === 0 ? sql`` : sql`, replaced as (${replaceRecords(effect.person, replaces)})`}
    ${consents.length === 0 ? sql`` : sql`, answered as (${putConsents(consents)})`}
    select id, ${replaces.length === 0 ? sql`0` : sql`(select count(*) from replaced)`} as changed from entry`.execute(
    db,
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return Number(row.changed) === replaces.length ? row.id : undefined;
}

/** The person as they must stand, and the entry that hangs on it; at a birth the person hangs on the entry, and names it. */
function standing({ person, standing, answers, evidence }: Effect) {
  const { body, seal } = evidence;
  if ('birth' in standing) {
    return sql`entry as (
      insert into ledger_entries (body, seal) values (${body}::bytea, ${seal}::bytea) returning id
    ), born as (
      insert into people (person_id, kind, consent_epoch, born_at, entry_id)
      select ${person}::uuid, ${standing.birth.kind}, 0, ${standing.birth.at}::timestamptz, id from entry
    )`;
  }
  const decided = standing.epoch === undefined ? sql`` : sql`and consent_epoch = ${standing.epoch}`;
  const unchanged = sql`person_id = ${person}::uuid ${decided} and erased_at is null`;
  const alive = answers
    ? sql`update people set consent_epoch = consent_epoch + 1 where ${unchanged} returning person_id`
    : sql`select person_id from people where ${unchanged} for share`;
  return sql`alive as (${alive}), entry as (
      insert into ledger_entries (body, seal) select ${body}::bytea, ${seal}::bytea from alive returning id
    )`;
}

function putRecords(rows: RecordRow[]) {
  return sql`insert into records (person_id, record_id, service, field, case_id, version, clause, purposes, policy, collected_at,
      envelope, entry_id)
    select r.person_id, r.record_id, r.service, r.field, r.case_id, r.version, r.clause, string_to_array(r.purposes, ' '),
      r.policy, r.collected_at, r.envelope, entry.id
    from entry, unnest(${column(rows, 'person_id')}::uuid[], ${column(rows, 'record_id')}::uuid[], ${column(rows, 'service')}::text[],
      ${column(rows, 'field')}::text[], ${column(rows, 'case_id')}::uuid[], ${column(rows, 'version')}::int[],
      ${column(rows, 'clause')}::text[], ${rows.map((row) => row.purposes.join(' '))}::text[], ${column(rows, 'policy')}::bytea[],
      ${column(rows, 'collected_at')}::timestamptz[], ${column(rows, 'envelope')}::bytea[])
      as r(person_id, record_id, service, field, case_id, version, clause, purposes, policy, collected_at, envelope)`;
}

function replaceRecords(person: string, rows: RecordRow[]) {
  return sql`update records set version = r.version, clause = r.clause, purposes = string_to_array(r.purposes, ' '),
      policy = r.policy, collected_at = r.collected_at, envelope = r.envelope, entry_id = entry.id
    from entry, unnest(${column(rows, 'record_id')}::uuid[], ${column(rows, 'version')}::int[], ${column(rows, 'clause')}::text[],
      ${rows.map((row) => row.purposes.join(' '))}::text[], ${column(rows, 'policy')}::bytea[],
      ${column(rows, 'collected_at')}::timestamptz[], ${column(rows, 'envelope')}::bytea[])
      as r(record_id, version, clause, purposes, policy, collected_at, envelope)
    where records.person_id = ${person}::uuid and records.record_id = r.record_id and records.version = r.version - 1
    returning records.record_id`;
}

function putConsents(rows: ConsentRow[]) {
  return sql`insert into consents (person_id, consent_id, kind, about, recipients, clause, policy, policy_version, words, language,
      answer, at, by, salt, entry_id)
    select c.person_id, c.consent_id, c.kind, c.about, string_to_array(c.recipients, ' '), c.clause, c.policy, c.policy_version,
      c.words, c.language, c.answer, c.at, c.by, c.salt, entry.id
    from entry, unnest(${column(rows, 'person_id')}::uuid[], ${column(rows, 'consent_id')}::uuid[], ${column(rows, 'kind')}::text[],
      ${column(rows, 'about')}::text[], ${rows.map((row) => row.recipients.join(' '))}::text[], ${column(rows, 'clause')}::text[],
      ${column(rows, 'policy')}::bytea[], ${column(rows, 'policy_version')}::text[], ${column(rows, 'words')}::text[],
      ${column(rows, 'language')}::text[], ${column(rows, 'answer')}::text[], ${column(rows, 'at')}::timestamptz[],
      ${column(rows, 'by')}::text[], ${column(rows, 'salt')}::bytea[])
      as c(person_id, consent_id, kind, about, recipients, clause, policy, policy_version, words, language, answer, at, by, salt)`;
}

/** One column of many rows, as the array that unnest takes. */
function column<Row, Name extends keyof Row>(rows: Row[], name: Name): Row[Name][] {
  return rows.map((row) => row[name]);
}
