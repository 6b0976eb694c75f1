import type { Request } from '../model/request.ts';
import type { RandomRule } from './random.ts';

// The plain reading of the rules of `random.ts`, written without tables and without regard to speed: what `decide` is held to.

const GROUPS: Readonly<Record<string, readonly string[]>> = { g: ['b', 'c'], pq: ['p', 'q'], rs: ['r', 's'] };
const KNOWN = ['a', 'b', 'c', 'g', 'p', 'q', 'pq', 'r', 's', 'rs', 'v', 'w', 'f', 'h'];
const VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ['use'],
  share: ['share', 'transfer', 'entrust'],
  disclose: ['disclose'],
};

/** Whether a list of a rule means this name: it names it, or a group that it is in. */
const means = (list: readonly string[], name: string): boolean =>
  list.some((each) => each === name || GROUPS[each]?.includes(name));
/** Whether a list of a prohibition concerns this name: it means it, or part of it. */
const concerns = (list: readonly string[], name: string): boolean =>
  means(list, name) || (GROUPS[name] ?? []).some((part) => means(list, part));

function listOf({ body }: RandomRule, key: string): readonly string[] {
  return (body[key] as readonly string[] | undefined) ?? [];
}

export function mayPass(rules: readonly RandomRule[], request: Request): boolean {
  const { action, data, actor, purpose, recipient, service } = request;
  const named = [...data, purpose, recipient, service, actor.kind === 'function' ? (actor.function ?? '') : undefined];
  if (data.length === 0 || named.some((name) => name !== undefined && !KNOWN.includes(name))) return false;
  const verbs = VERBS[action] ?? [];
  return data.every((field) =>
    rules.some((rule, index) => {
      if (!verbs.includes(rule.verb) || !grants(rule, request, field)) return false;
      return !rules.some(
        (other) =>
          other.verb === 'forbid' && forbids(other, request, field) && !listOf(other, 'unless').includes(`c${index}`),
      );
    }),
  );
}

function grants(
  rule: RandomRule,
  { action, actor, purpose, recipient, service, facts = {} }: Request,
  field: string,
): boolean {
  if (!means(listOf(rule, 'data'), field)) return false;
  if (purpose === undefined || !means(listOf(rule, 'for'), purpose)) return false;
  if (action !== 'use' && (recipient === undefined || !means(listOf(rule, 'to'), recipient))) return false;
  const services = listOf(rule, 'service');
  if (services.length > 0 && (service === undefined || !services.includes(service))) return false;
  if (!mayAct(rule, action, actor)) return false;
  if (!listOf(rule, 'needs').every((need) => facts[need as 'reason'] === true)) return false;
  const { basis, object } = rule.body;
  if (basis === 'consent') {
    const isGiven = (facts.consents ?? []).some((consent) => {
      if (!means([consent.purpose], purpose)) return false;
      return recipient === undefined
        ? consent.recipient === undefined
        : consent.recipient !== undefined && means([consent.recipient], recipient);
    });
    if (!isGiven) return false;
  }
  return object === undefined || !(facts.objections ?? []).some((objection) => concerns([objection], purpose));
}

function mayAct(rule: RandomRule, action: string, actor: Request['actor']): boolean {
  const functions = listOf(rule, 'functions');
  const by = listOf(rule, 'by');
  if (actor.kind !== 'function')
    return by.length > 0 ? by.includes(actor.kind) : functions.length === 0 && actor.kind === 'staff';
  if (functions.length > 0) return functions.includes(actor.function ?? '');
  return action !== 'use' && by.includes('function');
}

function forbids(
  rule: RandomRule,
  { action, actor, data, purpose, recipient, service }: Request,
  field: string,
): boolean {
  const any = (key: string, holds: (list: readonly string[]) => boolean): boolean => {
    const list = listOf(rule, key);
    return list.length === 0 || holds(list);
  };
  const isPair = (one: string, other: string): boolean =>
    any('data', (list) => concerns(list, one)) && concerns(listOf(rule, 'with'), other);
  if (!any('actions', (list) => list.includes(action) || list.includes('all'))) return false;
  if (!any('for', (list) => purpose !== undefined && concerns(list, purpose))) return false;
  if (!any('to', (list) => (recipient === undefined ? action !== 'use' : concerns(list, recipient)))) return false;
  if (!any('by', (list) => list.includes(actor.kind))) return false;
  if (!any('service', (list) => service !== undefined && list.includes(service))) return false;
  if (listOf(rule, 'with').length === 0) return any('data', (list) => concerns(list, field));
  return data.some((other) => other !== field && (isPair(field, other) || isPair(other, field)));
}
