import type { Clause, PolicyDocument } from './model/document.ts';

/** A clause that differs between two versions. */
export interface ClauseChange {
  readonly id: string;
  readonly old?: string;
  readonly new?: string;
  /** Whether the rules differ (and not the words alone). */
  readonly rules: boolean;
}

export interface Changes {
  readonly added: readonly ClauseChange[];
  readonly removed: readonly ClauseChange[];
  readonly changed: readonly ClauseChange[];
}

/** What differs between two versions of a policy, clause by clause, in the order of the text. */
export function changes(older: PolicyDocument, newer: PolicyDocument): Changes {
  const before = new Map(older.clauses.map((clause) => [clause.id, clause]));
  const after = new Map(newer.clauses.map((clause) => [clause.id, clause]));
  const added: ClauseChange[] = [];
  const changed: ClauseChange[] = [];
  for (const clause of newer.clauses) {
    const old = before.get(clause.id);
    if (old === undefined) {
      added.push({ id: clause.id, new: clause.text, rules: true });
      continue;
    }
    const rules = meaning(old) !== meaning(clause);
    if (rules || old.text !== clause.text) changed.push({ id: clause.id, old: old.text, new: clause.text, rules });
  }
  const removed = older.clauses
    .filter((clause) => !after.has(clause.id))
    .map((clause) => ({ id: clause.id, old: clause.text, rules: true }));
  return { added, removed, changed };
}

/** The rules alone, without where they stand. */
function meaning({ rules }: Clause): string {
  return JSON.stringify(rules.map(({ verb, body }) => [verb, body]));
}
