import { decodeEntry, subjectCommitment, type EntryFields } from '../ledger/index.ts';
import { isTrothError } from '../platform/errors.ts';
import { open } from '../vault/door.ts';
import type { PersonKey } from '../vault/index.ts';
import type { GateContext } from './context.ts';
import { openingPlace, type Opening } from './evidence.ts';

/** One entry about a person, as that person may see it: who did what, for which purpose, on which clause. */
export interface Reading {
  at: Date;
  kind: EntryFields['kind'];
  actor: string;
  action: string;
  purpose: string;
  service: string;
  data: string[];
  clauses: string[];
  code: string;
  reason: string | undefined;
  reference: string | undefined;
  /** Its place in the public ledger; undefined until the sequencer has placed it. */
  index: number | undefined;
  /** With the person's id, opens the entry's subject commitment: base64. */
  salt: string;
}

/** Of a person's own looks only so many are told: else they would crowd out the looks of others. */
const OWN_LOOKS = 5;
const PAGE = 500;

/**
 * What the ledger holds about a person, newest first: everything that others did, and the latest of their own looks. It needs no
 * permit: it is evidence about the person, for the person, and holds no values.
 * @param limit so many entries at most, in the thousands for whoever is looked at often
 */
export async function readings(context: GateContext, person: string, limit = 5_000): Promise<Reading[]> {
  const key = await context.keyring.key(person);
  if (key === undefined) return [];
  const told: Reading[] = [];
  let own = 0;
  for (let before: string | undefined; told.length < limit;) {
    let query = context.db
      .selectFrom('ledger_openings')
      .innerJoin('ledger_entries', 'ledger_entries.id', 'ledger_openings.entry_id')
      .select(['ledger_openings.sealed', 'ledger_entries.id', 'ledger_entries.body', 'ledger_entries.idx'])
      .where('ledger_openings.person_id', '=', person)
      .orderBy('ledger_openings.entry_id', 'desc')
      .limit(PAGE);
    if (before !== undefined) query = query.where('ledger_openings.entry_id', '<', before);
    const rows = await query.execute();
    for (const row of rows) {
      const entry = decodeEntry(row.body);
      const isOwnLook = entry.actor === 'person' && entry.action === 'view' && entry.kind === 'use';
      if (isOwnLook && (own += 1) > OWN_LOOKS) continue;
      told.push(readingOf(context, key, person, row, entry));
    }
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) break;
  }
  return told;
}

/** One entry as it is told. An opening that was damaged costs its own words, not the rest of the list. */
function readingOf(
  context: GateContext,
  key: PersonKey,
  person: string,
  row: { sealed: Buffer; body: Buffer; idx: string | null },
  entry: EntryFields,
): Reading {
  let opening: Opening;
  try {
    opening = JSON.parse(open(key, openingPlace(context, person), row.sealed).toString()) as Opening;
    // Another entry's opening opens too; its salt does not fit this one.
    const subject = subjectCommitment(person, Buffer.from(opening.salt, 'base64'));
    if (!subject.equals(entry.subject)) opening = { salt: '' };
  } catch (error) {
    if (!isTrothError(error, 'envelope-closed')) throw error;
    opening = { salt: '' };
  }
  const { at, kind, actor, action, purpose, service, data, clauses, code } = entry;
  const { reason, reference, salt } = opening;
  const index = row.idx === null ? undefined : Number(row.idx);
  return { at, kind, actor, action, purpose, service, data, clauses, code, reason, reference, index, salt };
}
