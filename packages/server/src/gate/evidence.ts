import { createHash, randomBytes } from 'node:crypto';
import type { Request } from '@troth/policy';
import { encodeEntry, openingDigest, subjectCommitment, type EntryKind, type RowChange } from '../ledger/index.ts';
import { seal } from '../vault/door.ts';
import type { PersonKey } from '../vault/index.ts';
import type { GateContext } from './context.ts';

/** Words of an effect that are personal: they go into the opening under the person's key, the entry only commits to them. */
export interface Grounds {
  /** The officer's own person id. */
  officer?: string;
  reason?: string;
  reference?: string;
}

/** What only the person, and those who may act for the house, can read of an entry. */
export interface Opening extends Grounds {
  /** Salt of the entry's commitments, 16 bytes in base64. */
  salt: string;
}

/** What an entry says of an effect. */
export interface Account {
  kind: EntryKind;
  at: Date;
  /** What was asked; acts of the house itself (erase, publish) bring words of their own. */
  request: Omit<Request, 'action'> & { action: string };
  clauses: readonly string[];
  policy: Buffer;
  rows?: RowChange[];
  /** The code of a refusal. */
  code?: string;
  count?: number;
}

/** An entry and its sealed opening, ready to be written beside the effect. */
export interface Evidence {
  body: Buffer;
  /** The mark of the house on the entry. */
  seal: Buffer;
  /** The opening. */
  sealed: Buffer;
}

/**
 * Makes the entry of an effect on one person, and its opening. The entry names clause, purpose, fields and row digests, never a
 * person: it commits to them with 128 random bits that stand in the opening, under the person's own key. It binds the opening too.
 */
export function evidenceOf(
  context: GateContext,
  key: PersonKey,
  person: string,
  account: Account,
  grounds: Grounds = {},
): Evidence {
  const salt = randomBytes(16);
  const opening: Opening = { salt: salt.toString('base64'), ...grounds };
  const sealed = seal(key, openingPlace(context, person), Buffer.from(JSON.stringify(opening)));
  const bound = { table: 'ledger_openings', op: 'put', after: openingDigest({ person_id: person, sealed }) } as const;
  const rows = [...(account.rows ?? []), bound];
  const body = entryOf({ ...account, rows }, subjectCommitment(person, salt), commitmentsOf(grounds, salt));
  return { body, seal: context.sealer.seal(body), sealed };
}

/** The bytes of an entry about nobody who can be found by it. */
export function entryOf(
  account: Account,
  subject: Buffer = Buffer.alloc(32),
  commitments: { name: string; digest: Buffer }[] = [],
): Buffer {
  const { request } = account;
  return encodeEntry({
    kind: account.kind,
    at: account.at,
    policy: account.policy,
    outcome: account.kind === 'refuse' ? 'refusal' : 'permit',
    action: request.action,
    actor: actorWord(request.actor),
    purpose: request.purpose ?? '',
    service: request.service ?? '',
    recipient: request.recipient ?? '',
    data: [...request.data],
    clauses: [...account.clauses],
    code: account.code ?? '',
    count: account.count ?? 1,
    subject,
    rows: account.rows ?? [],
    commitments,
  });
}

/** "function:mailing", "staff", "person": who acted, in the policy's words. */
function actorWord(actor: { kind: string; function?: string }): string {
  return actor.function === undefined ? actor.kind : `${actor.kind}:${actor.function}`;
}

/** Commitments to officer, reason and reference, each salted, so that a guess cannot be confirmed from the log alone. */
function commitmentsOf(grounds: Grounds, salt: Buffer): { name: string; digest: Buffer }[] {
  return (['officer', 'reason', 'reference'] as const).flatMap((name) => {
    const words = grounds[name];
    if (words === undefined) return [];
    return [
      { name, digest: createHash('sha256').update(`troth/ground/1/${name}\0`).update(salt).update(words).digest() },
    ];
  });
}

/** The associated data of an opening: told apart from every field. To which entry it belongs, its salt tells. */
export function openingPlace(context: GateContext, person: string) {
  return {
    installation: context.installation,
    person,
    row: 'opening',
    field: 'opening',
    version: 1,
    purposeClass: 'evidence',
  };
}

/** The associated data of a record's value: its own row, field and version, so that it opens nowhere else. */
export function recordPlace(
  context: GateContext,
  row: { person_id: string; record_id: string; field: string; version: number; service: string },
) {
  return {
    installation: context.installation,
    person: row.person_id,
    row: row.record_id,
    field: row.field,
    version: row.version,
    purposeClass: row.service,
  };
}
