import type { DataRow, ForbidAction, Grant, ServiceRow, Tables } from '../compile/tables.ts';
import type { Decision, Duty, Request } from '../model/request.ts';
import { applies, fitsActor, fitsPurpose, fitsRecipient, fitsService, meets } from './match.ts';
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
  const service = action === 'collect' && request.service !== undefined ? tables.services.get(request.service) : undefined;
  if (service !== undefined && !isComplete(service, request)) return refuse(tables, request);
  return permit(request, used, service);
}

/** The first grant that lets this piece of data through. */
export function passing(tables: Tables, row: DataRow, request: Request): Grant | undefined {
  const { action, purpose } = request;
  const list = row.grants[action];
  if (list === undefined) return undefined;
  const grants = purpose === undefined ? list.all : (list.byPurpose.get(purpose) ?? list.all);
  for (const grant of grants) {
    if (!fitsActor(grant, request.actor) || !fitsService(grant, request.service)) continue;
    if (!fitsPurpose(grant, request) || !fitsRecipient(grant, request)) continue;
    if (isForbidden(row, request, grant) || !meets(tables, grant, request, row.id)) continue;
    return grant;
  }
  return undefined;
}

/** Whether some prohibition takes this grant away. A person's own rights are never forbidden. */
export function isForbidden(row: DataRow, request: Request, grant: Grant): boolean {
  const forbids = row.forbids[request.action as ForbidAction];
  return (
    forbids !== undefined &&
    forbids.some((forbid) => !forbid.unless.has(grant.clause) && applies(forbid, request, row.id, grant))
  );
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

const LOGGED: ReadonlySet<string> = new Set(['use', 'share', 'disclose']);

function dutiesOf({ action, actor, data, facts }: Request, used: readonly Grant[], service: ServiceRow | undefined): Duty[] {
  const duties: Duty[] = [];
  if (action === 'use') {
    const masked: string[] = [];
    const clear: string[] = [];
    used.forEach(({ show }, index) => {
      const isMasked = show === undefined ? actor.kind === 'staff' : show === 'masked';
      const list = isMasked ? masked : clear;
      const id = data[index] as string;
      if (!list.includes(id)) list.push(id);
    });
    if (masked.length > 0) duties.push({ kind: 'mask', data: masked });
    if (clear.length > 0) duties.push({ kind: 'show_clear', data: clear });
  }
  if (LOGGED.has(action)) duties.push({ kind: 'log' });
  if (service !== undefined && facts?.acknowledged === true) {
    for (const clause of service.acknowledge) duties.push({ kind: 'acknowledge', clause });
  }
  const seen = new Set<Grant>();
  for (const grant of used) {
    if (seen.has(grant)) continue;
    seen.add(grant);
    if (grant.warn) duties.push({ kind: 'warn', clause: grant.clause });
    if (grant.oneRelease) duties.push({ kind: 'one_release', clause: grant.clause });
    if (grant.cell !== undefined) duties.push({ kind: 'cell', setting: grant.cell });
    if (grant.proof.length > 0) duties.push({ kind: 'prove', proof: grant.proof, clause: grant.clause });
  }
  return duties;
}
