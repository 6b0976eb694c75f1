import type { Forbid, Grant, NameRow, Tables } from '../compile/tables.ts';
import type { Actor, Facts, Finding, RefusalCode, Request } from '../model/request.ts';
import type { ActorKind, Need, Source } from '../model/words.ts';

/** Where data can come from when this actor brings them. A form is filled by the person; only a function reads a device. */
const BRINGS: Readonly<Record<ActorKind, readonly Source[]>> = {
  person: ['person'],
  public: ['person'],
  staff: ['person', 'third_party', 'public', 'inference'],
  function: ['person', 'device', 'third_party', 'public', 'inference'],
  recipient: ['third_party'],
};

/** Actions that hand data to someone, so that a prohibition for some recipients holds when none is named. */
const HANDS_OUT: ReadonlySet<string> = new Set(['share', 'disclose', 'publish']);

export function fitsActor(grant: Grant, actor: Actor): boolean {
  if (!grant.by.has(actor.kind)) return false;
  if (grant.from !== undefined && !BRINGS[actor.kind].some((source) => grant.from?.has(source))) return false;
  if (actor.kind !== 'function') return true;
  return actor.function !== undefined && (grant.functions === undefined || grant.functions.has(actor.function));
}

export function fitsService(grant: Grant, service: string | undefined): boolean {
  return grant.services === undefined || (service !== undefined && grant.services.has(service));
}

/** Only a collection may leave the purpose open: it then takes the purposes of the rule. */
export function fitsPurpose(grant: Grant, { action, purpose }: Request): boolean {
  if (grant.for === undefined) return true;
  return purpose === undefined ? action === 'collect' : grant.for.has(purpose);
}

/** Only a publication may leave the recipient open: it is for everyone whom the rule names. */
export function fitsRecipient(grant: Grant, { action, recipient }: Request): boolean {
  if (grant.to === undefined) return true;
  return recipient === undefined ? action === 'publish' : grant.to.has(recipient);
}

/** Whether a prohibition speaks of this request for this piece of data. `grant`: the one that it would take away, if any. */
export function applies(forbid: Forbid, request: Request, data: string, grant: Grant | undefined): boolean {
  const { action, actor, purpose, recipient, service } = request;
  if (forbid.by !== undefined && !forbid.by.has(actor.kind)) return false;
  if (forbid.for !== undefined && !(purpose === undefined ? within(grant?.for, forbid.for) : forbid.for.has(purpose)))
    return false;
  if (forbid.to !== undefined && !(recipient === undefined ? HANDS_OUT.has(action) : forbid.to.has(recipient)))
    return false;
  if (forbid.services !== undefined && (service === undefined || !forbid.services.has(service))) return false;
  if (forbid.from !== undefined && !BRINGS[actor.kind].some((source) => forbid.from?.has(source))) return false;
  return forbid.with === undefined || request.data.some((other) => other !== data && joins(forbid, data, other));
}

/** The two pieces of data are one from each side of a prohibition "… with …". */
function joins({ data, with: others }: Forbid, one: string, other: string): boolean {
  if (others === undefined) return true;
  const isFirst = (id: string): boolean => data === undefined || data.has(id);
  return (isFirst(one) && others.has(other)) || (others.has(one) && isFirst(other));
}

function within(inner: ReadonlySet<string> | undefined, outer: ReadonlySet<string>): boolean {
  return inner !== undefined && inner.isSubsetOf(outer);
}

const NEED_CODES: Readonly<Record<Need, RefusalCode>> = {
  reason: 'needs_reason',
  reference: 'needs_reference',
  officer: 'needs_officer',
  necessity: 'needs_necessity',
};

const NO_FACTS: Facts = {};

/**
 * Whether the conditions of a grant are met. With `into`, every one that is not is put there; without, it stops at the first
 * and makes nothing.
 */
export function meets(tables: Tables, grant: Grant, request: Request, data: string, into?: Finding[]): boolean {
  const { facts = NO_FACTS, purpose, recipient } = request;
  let met = true;
  if (grant.basis === 'consent' && !isConsented(tables, grant, request)) {
    if (into === undefined) return false;
    met = false;
    into.push({ code: 'no_consent', data, clause: grant.clause, purpose, recipient });
  }
  if (grant.objectable && isObjected(tables, request)) {
    if (into === undefined) return false;
    met = false;
    into.push({ code: 'objected', data, clause: grant.clause, purpose });
  }
  for (const need of grant.needs) {
    if (facts[need] === true) continue;
    if (into === undefined) return false;
    met = false;
    into.push({ code: NEED_CODES[need], data, clause: grant.clause, needs: need });
  }
  if (grant.warn && facts.acknowledged !== true) {
    if (into === undefined) return false;
    met = false;
    into.push({ code: 'not_acknowledged', data, clause: grant.clause });
  }
  return met;
}

/** A consent counts for its purpose and what is in it; for a recipient only if it names that recipient or a group of it. */
function isConsented(tables: Tables, grant: Grant, { purpose, recipient, facts }: Request): boolean {
  const consents = facts?.consents;
  if (consents === undefined || consents.length === 0) return false;
  const to = recipient === undefined ? undefined : tables.recipients.get(recipient);
  const covers = (wanted: string): boolean => {
    const row = tables.purposes.get(wanted);
    return (
      row !== undefined && consents.some((consent) => row.above.has(consent.purpose) && names(to, consent.recipient))
    );
  };
  if (purpose !== undefined) return covers(purpose);
  // A collection without a purpose is for those of the rule: one that was agreed to is enough to keep the value for it.
  return grant.for !== undefined && [...grant.for].some(covers);
}

function names(to: NameRow | undefined, recipient: string | undefined): boolean {
  return to === undefined ? recipient === undefined : recipient !== undefined && to.above.has(recipient);
}

function isObjected(tables: Tables, { purpose, facts }: Request): boolean {
  const objections = facts?.objections;
  if (objections === undefined || purpose === undefined) return false;
  const row = tables.purposes.get(purpose);
  return row !== undefined && objections.some((objection) => row.related.has(objection));
}
