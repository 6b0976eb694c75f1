import type { PolicyDocument } from '../model/document.ts';
import { allGroups, rulesOf } from '../model/queries.ts';
import type { RuleOf } from '../model/rules.ts';

/** A field that a service collects from the person, gathered from every rule that names it. */
export interface CollectedField {
  readonly data: string;
  readonly required: boolean;
  readonly acceptNone: boolean;
  readonly purposes: readonly string[];
  /** The clause that names the field itself, or else the first that names a group it is in. */
  readonly clause: string;
  readonly clauses: readonly string[];
}

/** The fields of a service's form, in the order in which the policy names them. */
export function fieldsOf(document: PolicyDocument, service: string): CollectedField[] {
  const groups = allGroups(document).data;
  const order = new Map<string, { rule: RuleOf<'collect'>; direct: boolean }[]>();
  for (const rule of rulesOf(document, 'collect')) {
    const { body } = rule;
    if (!body.service.includes(service) || !body.from.includes('person')) continue;
    for (const name of body.data) {
      for (const data of groups.cover([name])) {
        const term = document.terms.data[data];
        if (term === undefined || term.group) continue;
        const uses = order.get(data) ?? [];
        uses.push({ rule, direct: data === name });
        order.set(data, uses);
      }
    }
  }
  return [...order].map(([data, uses]) => {
    const clause = (uses.find((use) => use.direct) ?? uses[0])?.rule.clause ?? '';
    return {
      data,
      required: uses.some(({ rule }) => names(rule.body.required, data, groups.cover)),
      acceptNone: uses.some(({ rule }) => groups.cover(rule.body.accept_none).has(data)),
      purposes: [...new Set(uses.flatMap(({ rule }) => rule.body.for))],
      clause,
      clauses: [...new Set(uses.map(({ rule }) => rule.clause))],
    };
  });
}

function names(required: RuleOf<'collect'>['body']['required'], data: string, cover: (ids: Iterable<string>) => Set<string>): boolean {
  if (required === 'all') return true;
  return required !== 'none' && cover(required).has(data);
}
