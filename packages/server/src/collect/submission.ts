import type { Form, FormAsk } from '@troth/policy';
import { questionId } from '../consent/index.ts';
import type { Fields } from '../platform/web/body.ts';

/** Names that a form carries beside the fields of the policy. */
const ACKNOWLEDGED = 'acknowledged';

/** A submission sorted by what the policy declares: declared values, answers, and what nobody declared. */
export interface Submission {
  values: Map<string, string>;
  /** Fields answered "none" where the policy lets them be. */
  none: string[];
  acknowledged: boolean;
  /** Consent questions whose box was ticked, by their ids. An untouched box is no answer. */
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
  const asked = new Set(form.asks.map((ask) => askId(ask)));
  for (const [name, raw] of fields) {
    const field = declared.get(name);
    if (field !== undefined) {
      const value = field.input === 'password' ? raw : raw.trim().normalize('NFC');
      if (value === '') continue;
      if (NONE.has(value.toLowerCase())) submission.none.push(name);
      submission.values.set(name, value);
    } else if (name === ACKNOWLEDGED) submission.acknowledged = isYes(raw);
    else if (asked.has(name)) {
      if (isYes(raw)) submission.consents.push(name);
    } else submission.undeclared.push(name);
  }
  return submission;
}

function isYes(value: string): boolean {
  return value === 'yes' || value === 'on' || value === 'true';
}

/** The name of a consent question's box. */
export function askId({ clause, purposes, recipients }: FormAsk): string {
  return questionId({ clause, purposes: purposes.map(({ id }) => id), recipients: recipients.map(({ id }) => id) });
}
