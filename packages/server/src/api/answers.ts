import type { Consents } from '../platform/schema.ts';
import type { Held, Reading } from '../gate/index.ts';

/** What leaves the house as JSON: dates as text, names as in the schemas. */

export function heldOut(held: Held) {
  const { field, value, masked, service, clause, purposes, since } = held;
  return { field, value, masked, service, clause, purposes, since: since.toISOString() };
}

export function readingOut(reading: Reading) {
  const { at, kind, actor, action, purpose, data, clauses, code, reason, reference, index, salt } = reading;
  return { at: at.toISOString(), kind, actor, action, purpose, data, clauses, code, reason, reference, index, salt };
}

export function answerOut(answer: Consents) {
  const { kind, about, recipients, clause, policy_version, words, language, at, by } = answer;
  return {
    kind,
    about,
    recipients,
    clause,
    policy_version,
    words,
    language,
    answer: answer.answer,
    at: at.toISOString(),
    by,
  };
}
