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

type Collects = RuleOf<'collect'>;

/** The fields of a service's form, in the order in which the policy names them. */
export function fieldsOf(document: PolicyDocument, service: string): CollectedField[] {
  return gather(document, (rule) => rule.body.service.includes(service));
}

/**
 * The fields of the form in which people correct what they gave (a service of kind `self`): what `offer: correction` names,
 * as it was collected wherever it was, and what the service itself collects. Passwords are changed elsewhere.
 */
export function ownFieldsOf(document: PolicyDocument, service: string): CollectedField[] {
  const groups = allGroups(document).data;
  const offers = rulesOf(document, 'offer').filter(
    ({ body }) => body.right.includes('correction') && (body.service.length === 0 || body.service.includes(service)),
  );
  const collected = new Map(gather(document, () => true).map((field) => [field.data, field]));
  const own = new Map(fieldsOf(document, service).map((field) => [field.data, field]));
  for (const { clause, body } of offers) {
    for (const data of body.data.length === 0 ? collected.keys() : groups.cover(body.data)) {
      const term = document.terms.data[data];
      if (term === undefined || term.group || term.input === 'password' || own.has(data)) continue;
      const field = collected.get(data) ?? {
        data,
        required: false,
        acceptNone: false,
        purposes: [],
        clause,
        clauses: [],
      };
      own.set(data, { ...field, clause, clauses: [...new Set([clause, ...field.clauses])] });
    }
  }
  const order = [...collected.keys()];
  return [...own.values()].toSorted((a, b) => order.indexOf(a.data) - order.indexOf(b.data));
}

/** Every field that the chosen rules take from the person. */
function gather(document: PolicyDocument, chosen: (rule: Collects) => boolean): CollectedField[] {
  const groups = allGroups(document).data;
  const order = new Map<string, { rule: Collects; direct: boolean }[]>();
  for (const rule of rulesOf(document, 'collect')) {
    if (!chosen(rule) || !rule.body.from.includes('person')) continue;
    for (const name of rule.body.data) {
      for (const data of groups.cover([name])) {
        const term = document.terms.data[data];
        if (term === undefined || term.group) continue;
        const uses = order.get(data) ?? [];
        uses.push({ rule, direct: data === name });
        order.set(data, uses);
      }
    }
  }
  return [...order].map(([data, uses]) => ({
    data,
    required: uses.some(({ rule }) => isRequired(rule, data, groups.cover)),
    acceptNone: uses.some(({ rule }) => groups.cover(rule.body.accept_none).has(data)),
    purposes: [...new Set(uses.flatMap(({ rule }) => rule.body.for))],
    clause: (uses.find((use) => use.direct) ?? uses[0])?.rule.clause ?? '',
    clauses: [...new Set(uses.map(({ rule }) => rule.clause))],
  }));
}

function isRequired({ body }: Collects, data: string, cover: (ids: Iterable<string>) => Set<string>): boolean {
  return body.required === 'all' || (body.required !== 'none' && cover(body.required).has(data));
}
