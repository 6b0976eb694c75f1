import type { Grant, ServiceRow, Tables } from '../compile/tables.ts';
import type { Decision, Duty, Request } from '../model/request.ts';
import { passing } from './passing.ts';
import { refuse } from './refuse.ts';

/**
 * May this happen? Total and deterministic: every request gets an answer, and the same request the same one. Default is
 * refusal; every piece of data must pass by a grant of its own that no prohibition takes away, or the whole is refused with
 * every finding.
 */
export function decide(tables: Tables, request: Request): Decision {
  const { action, data } = request;
  if (data.length === 0 || !isDeclared(tables, request)) return refuse(tables, request);
  const used: Grant[] = [];
  for (const id of data) {
    const row = tables.data.get(id);
    const grant = row === undefined ? undefined : passing(tables, row, request);
    if (grant === undefined) return refuse(tables, request);
    used.push(grant);
  }
  if (request.facts?.secure_channel === false && data.some((id) => tables.data.get(id)?.tls.length !== 0)) {
    return refuse(tables, request);
  }
  if ((action === 'view' || action === 'correct') && request.facts?.own !== true) return refuse(tables, request);
  const service =
    action === 'collect' && request.service !== undefined ? tables.services.get(request.service) : undefined;
  if (service !== undefined && !isComplete(service, request)) return refuse(tables, request);
  return permit(request, used, service);
}

/** Whether every name of the request besides its data is declared. */
function isDeclared(tables: Tables, { purpose, recipient, service, actor }: Request): boolean {
  return (
    (purpose === undefined || tables.purposes.has(purpose)) &&
    (recipient === undefined || tables.recipients.has(recipient)) &&
    (service === undefined || tables.services.has(service)) &&
    (actor.kind !== 'function' || (actor.function !== undefined && tables.functions.has(actor.function)))
  );
}

/** Whether the form is whole: every required field answered, "none" only where it may be said, and what must be read was read. */
function isComplete(service: ServiceRow, { actor, data, facts = {} }: Request): boolean {
  const { given, none = [], acknowledged } = facts;
  for (const id of none) if (service.fields.get(id)?.acceptNone !== true) return false;
  if (actor.kind !== 'person' && actor.kind !== 'public') return true;
  if (acknowledged !== true && service.acknowledge.length > 0) return false;
  return service.required.every(({ data: id }) => none.includes(id) || (given ?? data).includes(id));
}

function permit(request: Request, used: readonly Grant[], service: ServiceRow | undefined): Decision {
  const clauses: string[] = [];
  for (const { clause } of used) if (!clauses.includes(clause)) clauses.push(clause);
  const { basis, ground } = used[0] as Grant;
  return { permit: true, clauses, duties: dutiesOf(request, used, service), basis: basis ?? ground };
}

function dutiesOf(request: Request, used: readonly Grant[], service: ServiceRow | undefined): Duty[] {
  const { action } = request;
  const duties: Duty[] = [];
  if (action === 'use') addShowing(duties, request, used);
  if (action === 'use' || action === 'share' || action === 'disclose') duties.push({ kind: 'log' });
  if (service !== undefined && request.facts?.acknowledged === true) {
    for (const clause of service.acknowledge) duties.push({ kind: 'acknowledge', clause });
  }
  for (let index = 0; index < used.length; index += 1) {
    const grant = used[index] as Grant;
    if (grant.binds && used.indexOf(grant) === index) addBindings(duties, grant);
  }
  return duties;
}

/** Which fields may be seen in full, and which only covered. */
function addShowing(duties: Duty[], { actor, data }: Request, used: readonly Grant[]): void {
  let masked: string[] | undefined;
  let clear: string[] | undefined;
  for (let index = 0; index < used.length; index += 1) {
    const { show } = used[index] as Grant;
    const id = data[index] as string;
    if (show === undefined ? actor.kind === 'staff' : show === 'masked') masked = addOnce(masked, id);
    else clear = addOnce(clear, id);
  }
  if (masked !== undefined) duties.push({ kind: 'mask', data: masked });
  if (clear !== undefined) duties.push({ kind: 'show_clear', data: clear });
}

function addOnce(list: string[] | undefined, id: string): string[] {
  if (list === undefined) return [id];
  if (!list.includes(id)) list.push(id);
  return list;
}

/** What a grant binds to by itself. */
function addBindings(duties: Duty[], { clause, warn, oneRelease, cell, proof }: Grant): void {
  if (warn) duties.push({ kind: 'warn', clause });
  if (oneRelease) duties.push({ kind: 'one_release', clause });
  if (cell !== undefined) duties.push({ kind: 'cell', setting: cell });
  if (proof.length > 0) duties.push({ kind: 'prove', proof, clause });
}
