import type { AllGroups } from '../model/groups.ts';
import type { Rule } from '../model/rules.ts';
import type { Action, ActorKind } from '../model/words.ts';
import type { Grant } from './tables.ts';

/** What a rule grants: the actions it lets happen, the data it names, and on which terms. */
export interface Granted {
  readonly actions: readonly Action[];
  /** As named in the rule; undefined means every declared piece of data. */
  readonly data: readonly string[] | undefined;
  readonly grant: Grant;
}

const EVERYONE: readonly ActorKind[] = ['person', 'staff', 'function', 'public', 'recipient'];

const NOTHING: Omit<Grant, 'clause'> = {
  for: undefined,
  to: undefined,
  by: new Set(EVERYONE),
  functions: undefined,
  services: undefined,
  from: undefined,
  basis: undefined,
  ground: undefined,
  needs: [],
  objectable: false,
  show: undefined,
  warn: false,
  oneRelease: false,
  cell: undefined,
  proof: [],
  binds: false,
};

/** What a rule grants; undefined for the verbs that grant nothing. */
export function grantOf(rule: Rule, groups: AllGroups): Granted | undefined {
  const granted = readGrant(rule, groups);
  if (granted === undefined) return undefined;
  const { warn, oneRelease, cell, proof } = granted.grant;
  const binds = warn || oneRelease || cell !== undefined || proof.length > 0;
  return { ...granted, grant: { ...granted.grant, binds } };
}

function readGrant(rule: Rule, groups: AllGroups): Granted | undefined {
  const base = { ...NOTHING, clause: rule.clause };
  switch (rule.verb) {
    case 'collect': {
      const { data, service, from, functions, basis } = rule.body;
      const purposes = groups.purposes.cover(rule.body.for);
      const grant = {
        ...base,
        for: purposes,
        services: setOf(service),
        from: new Set(from),
        functions: setOf(functions),
        basis,
      };
      return { actions: ['collect'], data, grant };
    }
    case 'use': {
      const { data, service, basis, needs, show, object } = rule.body;
      const purposes = groups.purposes.cover(rule.body.for);
      const actors = { ...actorsOf(rule.body), functions: new Set(rule.body.functions) };
      const grant = {
        ...base,
        ...actors,
        services: setOf(service),
        for: purposes,
        basis,
        needs,
        show,
        objectable: object !== undefined,
      };
      return { actions: ['use'], data, grant };
    }
    case 'share':
    case 'transfer':
    case 'entrust': {
      const { data, basis, needs, object } = rule.body;
      const purposes = groups.purposes.cover(rule.body.for);
      const to = groups.recipients.cover(rule.body.to);
      const grant = {
        ...base,
        ...actorsOf(rule.body),
        for: purposes,
        to,
        basis,
        needs,
        objectable: object !== undefined,
      };
      return { actions: ['share'], data, grant };
    }
    case 'disclose': {
      const { data, ground, needs, one_release: oneRelease } = rule.body;
      const purposes = groups.purposes.cover(rule.body.for);
      const to = groups.recipients.cover(rule.body.to);
      return {
        actions: ['disclose'],
        data,
        grant: { ...base, ...actorsOf(rule.body), for: purposes, to, ground, needs, oneRelease },
      };
    }
    case 'publish': {
      const { data, service, warn } = rule.body;
      const purposes = rule.body.for.length === 0 ? undefined : groups.purposes.cover(rule.body.for);
      const to = rule.body.to.length === 0 ? undefined : groups.recipients.cover(rule.body.to);
      const grant = { ...base, ...actorsOf(rule.body, ['person']), for: purposes, to, services: setOf(service), warn };
      return { actions: ['publish'], data, grant };
    }
    case 'count':
    case 'anonymise': {
      const data = rule.verb === 'count' ? [...rule.body.from, ...rule.body.breakdown] : rule.body.data;
      const purposes = groups.purposes.cover(rule.body.for);
      const grant = { ...base, ...actorsOf(rule.body, ['staff', 'function']), for: purposes, cell: rule.body.cell };
      return { actions: ['count'], data, grant };
    }
    case 'personalise': {
      const purposes = groups.purposes.cover(rule.body.for);
      const grant = {
        ...base,
        by: new Set<ActorKind>(['function']),
        functions: setOf(rule.body.functions),
        for: purposes,
      };
      return { actions: ['use'], data: rule.body.data, grant };
    }
    case 'offer': {
      const { right, service, data, proof } = rule.body;
      const actions: Action[] = [];
      if (right.includes('access')) actions.push('view');
      if (right.includes('correction')) actions.push('correct');
      if (actions.length === 0) return undefined;
      const grant = { ...base, by: new Set<ActorKind>(['person']), services: setOf(service), proof };
      return { actions, data: data.length === 0 ? undefined : data, grant };
    }
    default:
      return undefined;
  }
}

/**
 * Who may act: those that the rule names, and functions if it lists any. A rule that names nobody means the functions that it
 * lists, else `fallback`. Without a list any declared function may act, if functions may at all; a use always needs the list.
 */
function actorsOf(
  body: { readonly by: readonly ActorKind[]; readonly functions: readonly string[] },
  fallback: readonly ActorKind[] = ['staff'],
): Pick<Grant, 'by' | 'functions'> {
  const listed = body.functions.length > 0;
  const named = body.by.length > 0 ? body.by : listed ? [] : fallback;
  return { by: new Set(listed ? [...named, 'function' as const] : named), functions: setOf(body.functions) };
}

function setOf(ids: readonly string[]): ReadonlySet<string> | undefined {
  return ids.length === 0 ? undefined : new Set(ids);
}
