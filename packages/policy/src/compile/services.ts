import type { PolicyDocument } from '../model/document.ts';
import { fieldsOf } from '../form/fields.ts';
import { tellsAt } from '../form/tells.ts';
import type { FieldRow, ServiceRow } from './tables.ts';

/** For each declared service what it collects from the person, and what must be acknowledged first. */
export function serviceRows(document: PolicyDocument): Map<string, ServiceRow> {
  const rows = new Map<string, ServiceRow>();
  for (const id of Object.keys(document.terms.services)) {
    const fields = new Map<string, FieldRow>();
    const clauses = new Set<string>();
    for (const { data, clause, required, acceptNone, clauses: all } of fieldsOf(document, id)) {
      fields.set(data, { data, clause, required, acceptNone });
      for (const each of all) clauses.add(each);
    }
    const tells = fields.size === 0 ? [] : tellsAt(document, id, [...fields.keys()]);
    rows.set(id, {
      id,
      fields,
      required: [...fields.values()].filter((field) => field.required),
      clauses: [...clauses],
      acknowledge: [...new Set(tells.filter((rule) => rule.body.acknowledge).map((rule) => rule.clause))],
    });
  }
  return rows;
}
