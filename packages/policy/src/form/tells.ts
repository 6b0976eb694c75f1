import type { PolicyDocument } from '../model/document.ts';
import { rulesOf } from '../model/queries.ts';
import type { RuleOf } from '../model/rules.ts';

/** What is told at a service that has these fields: on every page, on forms with personal data, at passwords, or there alone. */
export function tellsAt(document: PolicyDocument, service: string, fields: readonly string[]): RuleOf<'tell'>[] {
  const places = new Set(['every_page', service]);
  if (fields.length > 0) places.add('personal_forms');
  if (fields.some((field) => document.terms.data[field]?.input === 'password')) places.add('password_fields');
  return rulesOf(document, 'tell').filter((rule) => rule.body.at.some((place) => places.has(place)));
}
