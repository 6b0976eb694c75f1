import { randomBytes, randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { consentDigest, personDigest, recordDigest, type RowChange } from '../ledger/index.ts';
import type { Database, People } from '../platform/schema.ts';
import { TrothError } from '../platform/errors.ts';
import { seal } from '../vault/door.ts';
import type { GateContext } from './context.ts';
import { erase } from './erase.ts';
import { evidenceOf, recordPlace } from './evidence.ts';
import { spend, type Grant, type Permit } from './permit.ts';
import { inTime, TooLate } from './overtaken.ts';
import { personGone } from './refusal.ts';
import { writeEffect, type ConsentRow, type RecordRow } from './write.ts';

/** A value that a person gave, with what the policy says of it. */
export interface NewValue {
  field: string;
  value: string;
  clause: string;
  purposes: string[];
}

/** An answer that a person gave to a question of the policy. */
export interface NewAnswer {
  kind: ConsentRow['kind'];
  about: string;
  recipients: string[];
  clause: string;
  words: string;
  language: string;
  answer: ConsentRow['answer'];
}

/** What comes in at one submission. */
export interface Collection {
  /** The kind of a person who is born by this submission, or the id of one who is known. */
  from: { birth: 'member' | 'correspondent' | 'staff'; person: string } | { person: string };
  service: string;
  caseId?: string;
  values: NewValue[];
  answers: NewAnswer[];
  /** The room's own rows, in the same transaction. */
  along?: (tx: Transaction<Database>, person: string, at: Date) => Promise<void>;
}

/**
 * Takes values in: key first, then person, sealed records, answers and evidence in one transaction.
 * @throws Refusal where the person's standing changed after the decision; nothing is written then.
 */
export async function collect(
  context: GateContext,
  permit: Permit,
  collection: Collection,
): Promise<{ person: string; at: Date }> {
  const at = context.clock.now();
  const grant = spend(permit, 'collect', at.getTime());
  const { person } = collection.from;
  const birth = 'birth' in collection.from ? { kind: collection.from.birth, at } : undefined;
  assertOnlyGranted(grant, collection);
  const key = birth ? await context.keyring.birth(person, birth.kind) : await context.keyring.key(person);
  if (key === undefined) throw personGone();
  const puts = collection.values.map((value) =>
    recordRow(context, grant, collection, value, at, (row, text) => seal(key, recordPlace(context, row), text)),
  );
  const consents = collection.answers.map((answer) => consentRow(context, person, answer, grant.policy, at, 'person'));
  const rows: RowChange[] = [
    ...(birth === undefined ? [] : [bornRow(person, birth)]),
    ...puts.map((row): RowChange => ({ table: 'records', op: 'put', after: recordDigest(row) })),
    ...consents.map((row): RowChange => ({ table: 'consents', op: 'put', after: consentDigest(row) })),
  ];
  const evidence = evidenceOf(context, key, person, {
    kind: 'collect',
    at,
    request: grant.request,
    clauses: grant.clauses,
    policy: grant.policy,
    rows,
  });
  const standing = birth ? { birth } : { epoch: grant.epoch };
  const answers = consents.some((row) => row.kind !== 'acknowledgement');
  const effect = { person, standing, answers: birth ? false : answers, evidence, puts, replaces: [], consents };
  const write = async (db: Kysely<Database> | Transaction<Database>): Promise<void> => {
    if ((await writeEffect(db, effect)) === undefined) throw new TooLate();
  };
  const { along } = collection;
  await inTime(context, grant, () =>
    along === undefined
      ? write(context.db)
      : context.db.transaction().execute(async (tx) => {
          await write(tx);
          await along(tx, person, at);
        }),
  );
  // Erased while being born: the row was not yet there to be noted as erased, so that is done now.
  if (birth !== undefined && (await context.keyring.isErased(person))) {
    await erase(context, person);
    throw personGone();
  }
  return { person, at };
}

/** The row of a person who is new, as their first entry binds it. */
export function bornRow(person: string, { kind, at }: { kind: People['kind']; at: Date }): RowChange {
  const after = personDigest({ person_id: person, kind, born_at: at, erased_at: null });
  return { table: 'people', op: 'put', after };
}

/** A permit for some fields at one service is no permit for others. */
function assertOnlyGranted(grant: Grant, collection: Collection): void {
  const outside = collection.values.filter((value) => !grant.request.data.includes(value.field));
  if (outside.length > 0 || grant.request.service !== collection.service) {
    throw new TrothError(
      'permit-exceeded',
      'expected values of the fields and the service that the permit names; came others',
    );
  }
  if (grant.person !== undefined && grant.person !== collection.from.person) {
    throw new TrothError('permit-exceeded', 'expected the person whom the permit names; came another');
  }
}

function recordRow(
  context: GateContext,
  grant: Grant,
  collection: Collection,
  value: NewValue,
  at: Date,
  sealed: (row: RecordRow, text: Buffer) => Buffer,
): RecordRow {
  const row: RecordRow = {
    person_id: collection.from.person,
    record_id: randomUUID(),
    service: collection.service,
    field: value.field,
    case_id: collection.caseId ?? null,
    version: 1,
    clause: value.clause,
    purposes: value.purposes,
    policy: grant.policy,
    collected_at: at,
    envelope: Buffer.alloc(0),
  };
  row.envelope = sealed(row, Buffer.from(value.value));
  return row;
}

/** The row of an answer, with the words that were asked and the version of the policy that asked them. */
export function consentRow(
  context: GateContext,
  person: string,
  answer: NewAnswer,
  policy: Buffer,
  at: Date,
  by: ConsentRow['by'],
): ConsentRow {
  return {
    person_id: person,
    consent_id: randomUUID(),
    ...answer,
    policy,
    policy_version: context.policy().document.version,
    at,
    by,
    salt: randomBytes(16),
  };
}
