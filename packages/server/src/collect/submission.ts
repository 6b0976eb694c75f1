import type { Form } from '@troth/policy';
import type { Fields } from '../platform/web/body.ts';

/** Names that a form carries beside the fields of the policy. */
const ACKNOWLEDGED = 'acknowledged';
const CONSENT = 'consent:';

/** A submission sorted by what the policy declares: declared values, answers, and what nobody declared. */
export interface Submission {
  values: Map<string, string>;
  /** Fields answered "none" where the policy lets them be. */
  none: string[];
  acknowledged: boolean;
  /** Clauses whose consent question was ticked. An untouched box is no answer. */
  consents: string[];
  /** Names that the form does not have. Their values are not looked at. */
  undeclared: string[];
}

/** The explicit "none" of a field that may be none, in either language. */
const NONE = new Set(['none', '无', '無']);

/** Sorts what came in by the form's own fields. */
export function sortSubmission(form: Form, fields: Fields): Submission {
  const submission: Submission = { values: new Map(), none: [], acknowledged: false, consents: [], undeclared: [] };
  const declared = new Map(form.fields.map((field) => [field.data, field]));
  const asked = new Set(form.asks.map((ask) => ask.clause));
  for (const [name, raw] of fields) {
    const field = declared.get(name);
    if (field !== undefined) {
      const value = field.input === 'password' ? raw : raw.trim().normalize('NFC');
      if (value === '') continue;
      if (NONE.has(value.toLowerCase())) submission.none.push(name);
      submission.values.set(name, value);
    } else if (name === ACKNOWLEDGED) submission.acknowledged = isYes(raw);
    else if (name.startsWith(CONSENT) && asked.has(name.slice(CONSENT.length))) {
      if (isYes(raw)) submission.consents.push(name.slice(CONSENT.length));
    } else submission.undeclared.push(name);
  }
  return submission;
}

function isYes(value: string): boolean {
  return value === 'yes' || value === 'on' || value === 'true';
}
