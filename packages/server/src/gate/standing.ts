import { sql } from 'kysely';
import type { GateContext } from './context.ts';

/** Where a person stands: what they have answered so far, and the epoch of their last answer. */
export interface Standing {
  readonly person: string;
  readonly kind: 'member' | 'correspondent' | 'staff';
  readonly epoch: number;
  readonly consents: { purpose: string; recipient?: string }[];
  readonly objections: string[];
  /** Clauses acknowledged, each as "clause version". */
  readonly acknowledged: string[];
}

interface Row {
  kind: Standing['kind'];
  consent_epoch: number;
  answer_kind: 'consent' | 'objection' | 'acknowledgement' | null;
  about: string | null;
  recipients: string[] | null;
  answer: 'given' | 'refused' | 'withdrawn' | null;
  policy_version: string | null;
}

/**
 * Reads where a person stands, in one statement. Only the latest answer to each question counts; silence is no answer.
 * @returns undefined for a person who is unknown or erased.
 */
export async function standingOf(context: GateContext, person: string): Promise<Standing | undefined> {
  const { rows } = await sql<Row>`
    select p.kind, p.consent_epoch, c.kind as answer_kind, c.about, c.recipients, c.answer, c.policy_version
    from people p
    left join lateral (
      select distinct on (kind, about, recipients) kind, about, recipients, answer, policy_version
      from consents where person_id = p.person_id
      order by kind, about, recipients, entry_id desc, at desc
    ) c on true
    where p.person_id = ${person} and p.erased_at is null`.execute(context.db);
  const first = rows[0];
  if (first === undefined) return undefined;
  const standing: Standing = {
    person,
    kind: first.kind,
    epoch: first.consent_epoch,
    consents: [],
    objections: [],
    acknowledged: [],
  };
  for (const row of rows) {
    if (row.answer !== 'given' || row.about === null) continue;
    if (row.answer_kind === 'objection') standing.objections.push(row.about);
    else if (row.answer_kind === 'acknowledgement') standing.acknowledged.push(`${row.about} ${row.policy_version}`);
    else if (row.recipients?.length) {
      for (const recipient of row.recipients) standing.consents.push({ purpose: row.about, recipient });
    } else standing.consents.push({ purpose: row.about });
  }
  return standing;
}
