import type { DataRow, Forbid, ForbidAction, Grant, Tables } from '../compile/tables.ts';
import type { Request } from '../model/request.ts';
import { applies, fitsActor, fitsPurpose, fitsRecipient, fitsService, meets } from './match.ts';

/** The first grant that lets this piece of data through. */
export function passing(tables: Tables, row: DataRow, request: Request): Grant | undefined {
  const { purpose } = request;
  const list = row.grants[request.action];
  if (list === undefined) return undefined;
  const grants = purpose === undefined ? list.all : (list.byPurpose.get(purpose) ?? list.all);
  const forbids = row.forbids[request.action as ForbidAction];
  for (const grant of grants) {
    if (!fits(grant, request)) continue;
    if (forbids !== undefined && isForbidden(forbids, row, request, grant)) continue;
    if (meets(tables, grant, request, row.id)) return grant;
  }
  return undefined;
}

/** Whether a grant speaks of this request at all; its conditions aside. */
export function fits(grant: Grant, request: Request): boolean {
  return (
    fitsActor(grant, request.actor) &&
    fitsService(grant, request.service) &&
    fitsPurpose(grant, request) &&
    fitsRecipient(grant, request)
  );
}

/** Whether some prohibition takes this grant away. A person's own rights are never forbidden. */
function isForbidden(forbids: readonly Forbid[], row: DataRow, request: Request, grant: Grant): boolean {
  for (const forbid of forbids) {
    if (!forbid.unless.has(grant.clause) && applies(forbid, request, row.id, grant)) return true;
  }
  return false;
}
