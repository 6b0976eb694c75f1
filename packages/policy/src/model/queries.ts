import type { Clause, PolicyDocument } from './document.ts';
import { type AllGroups, groupsOf } from './groups.ts';
import type { Rule, RuleOf, Verb } from './rules.ts';

const GROUPS = new WeakMap<PolicyDocument, AllGroups>();

/** The groups of a document; worked out once for each document. */
export function allGroups(document: PolicyDocument): AllGroups {
  let groups = GROUPS.get(document);
  if (groups === undefined) {
    const { data, purposes, recipients } = document.terms;
    groups = { data: groupsOf(data), purposes: groupsOf(purposes), recipients: groupsOf(recipients) };
    GROUPS.set(document, groups);
  }
  return groups;
}

/** Every clause, in the order of the text. */
export function clausesOf(document: PolicyDocument): readonly Clause[] {
  return document.clauses;
}

/** Every rule of one verb, in the order of the text. */
export function rulesOf<V extends Verb>(document: PolicyDocument, verb: V): RuleOf<V>[] {
  const found: RuleOf<V>[] = [];
  for (const clause of document.clauses) {
    for (const rule of clause.rules) if (hasVerb(rule, verb)) found.push(rule);
  }
  return found;
}

function hasVerb<V extends Verb>(rule: Rule, verb: V): rule is Extract<Rule, RuleOf<V>> {
  return rule.verb === verb;
}

/**
 * The data that a name means: the members of a group (to any depth, groups among them left out), or the piece of data itself.
 * Nothing for a name that is not declared. In the order of declaration.
 */
export function membersOf(document: PolicyDocument, name: string): string[] {
  const { data } = document.terms;
  if (data[name] === undefined) return [];
  const covered = allGroups(document).data.cover([name]);
  return Object.keys(data).filter((id) => covered.has(id) && data[id]?.group === false);
}
