import { decodeEntry, type EntryFields } from '../ledger/index.ts';
import { open } from '../vault/door.ts';
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

/**
 * What the ledger holds about a person, newest first. It needs no permit: it is evidence about the person, for the person, and holds
 * no values.
 */
export async function readings(context: GateContext, person: string, limit = 200): Promise<Reading[]> {
  const key = await context.keyring.key(person);
  if (key === undefined) return [];
  const rows = await context.db
    .selectFrom('ledger_openings')
    .innerJoin('ledger_entries', 'ledger_entries.id', 'ledger_openings.entry_id')
    .select(['ledger_openings.sealed', 'ledger_entries.body', 'ledger_entries.idx'])
    .where('ledger_openings.person_id', '=', person)
    .orderBy('ledger_entries.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const entry = decodeEntry(row.body);
    const opening = JSON.parse(open(key, openingPlace(context, person, row.body), row.sealed).toString()) as Opening;
    return {
      at: entry.at,
      kind: entry.kind,
      actor: entry.actor,
      action: entry.action,
      purpose: entry.purpose,
      service: entry.service,
      data: entry.data,
      clauses: entry.clauses,
      code: entry.code,
      reason: opening.reason,
      reference: opening.reference,
      index: row.idx === null ? undefined : Number(row.idx),
      salt: opening.salt,
    };
  });
}
