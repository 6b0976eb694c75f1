import type { Consents, LedgerOpenings, People, PolicyVersions, Records } from '../platform/schema.ts';
import { ByteWriter } from './bytes.ts';
import type { BoundTable } from './entry.ts';
import { sha256 } from './merkle.ts';

type Bound<Row> = Omit<Row, 'entry_id'>;

/** One writer for all: digests are made without a pause in between. */
const writer = new ByteWriter();

/**
 * Digest of a row of `records`: SHA-256 over a name for the table and every column except `entry_id`, in the order of the
 * migration, each in a fixed layout (docs/reference/ledger.md). The envelope's random nonce makes it unguessable.
 */
export function recordDigest(row: Bound<Records>): Buffer {
  begin('records').uuid(row.person_id).uuid(row.record_id).text(row.service).text(row.field);
  optionalUuid(row.case_id).u32(row.version).text(row.clause);
  texts(row.purposes).bytes(row.policy).time(row.collected_at).bytes(row.envelope);
  return finish();
}

/** Digest of a row of `consents`; its salt makes it unguessable. */
export function consentDigest(row: Bound<Consents>): Buffer {
  begin('consents').uuid(row.person_id).uuid(row.consent_id).text(row.kind).text(row.about);
  texts(row.recipients).text(row.clause).bytes(row.policy).text(row.policy_version).text(row.words).text(row.language);
  writer.text(row.answer).time(row.at).text(row.by).bytes(row.salt);
  return finish();
}

/** Digest of a row of `policy_versions`: public text, so anyone who has it can compute it. */
export function policyVersionDigest(row: Bound<PolicyVersions>): Buffer {
  begin('policy_versions')
    .text(row.policy_id)
    .text(row.version)
    .bytes(row.hash)
    .text(row.source)
    .time(row.published_at);
  return finish();
}

/** Digest of a row of `ledger_openings`: whose it is and what is sealed in it, which random bits make unguessable. */
export function openingDigest(row: Bound<LedgerOpenings>): Buffer {
  begin('ledger_openings').uuid(row.person_id).bytes(row.sealed);
  return finish();
}

/** Digest of a row of `people`: everything but the epoch, which moves with every answer. The id is random. */
export function personDigest(row: Omit<Bound<People>, 'consent_epoch'>): Buffer {
  begin('people').uuid(row.person_id).text(row.kind).time(row.born_at);
  if (row.erased_at === null) writer.u8(0);
  else writer.u8(1).time(row.erased_at);
  return finish();
}

/** Commits to a person: SHA-256 over the id and 128 random bits that stand sealed in the entry's opening. */
export function subjectCommitment(personId: string, salt: Uint8Array): Buffer {
  writer.clear().raw(Buffer.from('troth/subject/v1\0')).uuid(personId).raw(salt);
  return finish();
}

function begin(table: BoundTable): ByteWriter {
  return writer.clear().raw(Buffer.from(`troth/row/${table}/v1\0`));
}

function optionalUuid(value: string | null): ByteWriter {
  return value === null ? writer.u8(0) : writer.u8(1).uuid(value);
}

function texts(values: readonly string[]): ByteWriter {
  writer.u32(values.length);
  for (const value of values) writer.text(value);
  return writer;
}

function finish(): Buffer {
  return sha256(writer.done());
}
