import type { DataRow, Forbid, ForbidAction, Grant, Tables } from '../compile/tables.ts';
import type { Finding, Refusal, Request } from '../model/request.ts';
import { applies, fitsActor, fitsPurpose, fitsRecipient, fitsService, meets } from './match.ts';
import { fits, passing } from './passing.ts';

/** What is wrong and which clauses speak of it, while it is gathered. */
interface Case {
  readonly tables: Tables;
  readonly request: Request;
  readonly findings: Finding[];
  readonly clauses: Set<string>;
}

/** The slow way, for requests that do not pass: every finding, and the clauses that speak of them. */
export function refuse(tables: Tables, request: Request): Refusal {
  const at: Case = { tables, request, findings: [], clauses: new Set() };
  findUndeclared(at);
  for (const id of new Set(request.data)) {
    const row = tables.data.get(id);
    if (row === undefined) findUndeclaredData(at, id);
    else if (passing(tables, row, request) === undefined) findBlocked(at, row);
  }
  if (isRight(request.action)) findNotOwn(at);
  if (request.action === 'collect') findIncomplete(at);
  for (const id of new Set(request.data)) findInsecure(at, tables.data.get(id));
  if (at.findings.length === 0) at.findings.push({ code: 'no_rule' });
  const clauses = at.clauses.size === 0 ? tables.defaultRefusal : [...at.clauses];
  return { permit: false, code: at.findings[0]?.code ?? 'no_rule', clauses, findings: at.findings };
}

function findUndeclared({ tables, request, findings }: Case): void {
  const { actor, purpose, recipient, service } = request;
  if (purpose !== undefined && !tables.purposes.has(purpose)) findings.push({ code: 'undeclared_purpose', purpose });
  if (recipient !== undefined && !tables.recipients.has(recipient))
    findings.push({ code: 'undeclared_recipient', recipient });
  if (service !== undefined && !tables.services.has(service)) findings.push({ code: 'undeclared_service', service });
  if (actor.kind === 'function' && (actor.function === undefined || !tables.functions.has(actor.function))) {
    findings.push({ code: 'undeclared_function', function: actor.function });
  }
}

/** Of data that the policy does not know, only the clauses that say what a service does collect can speak. */
function findUndeclaredData({ tables, request, findings, clauses }: Case, data: string): void {
  findings.push({ code: 'undeclared_data', data });
  if (request.action !== 'collect' || request.service === undefined) return;
  for (const clause of tables.services.get(request.service)?.clauses ?? []) clauses.add(clause);
}

/** Why no grant lets a declared piece of data through. */
function findBlocked(at: Case, row: DataRow): void {
  const { request, findings, clauses } = at;
  const grants = row.grants[request.action]?.all ?? [];
  const fitting = grants.filter((grant) => fits(grant, request));
  const open = fitting.filter((grant) => blocking(row, request, grant).length === 0);
  if (open.length > 0) {
    findUnmet(at, row.id, open);
    return;
  }
  const forbids = new Set(
    (fitting.length === 0 ? [undefined] : fitting).flatMap((grant) => blocking(row, request, grant)),
  );
  for (const { clause } of forbids) {
    if (!findings.some((finding) => finding.data === row.id && finding.clause === clause)) {
      findings.push({ code: 'forbidden', data: row.id, clause, ...spoken(request) });
    }
    clauses.add(clause);
  }
  if (fitting.length === 0) findMisfits(at, row, grants, forbids.size > 0);
}

/** The prohibitions that take this grant away (or that speak of the request, if there is none). */
function blocking(row: DataRow, request: Request, grant: Grant | undefined): Forbid[] {
  const forbids = row.forbids[request.action as ForbidAction] ?? [];
  return forbids.filter(
    (forbid) => !(grant !== undefined && forbid.unless.has(grant.clause)) && applies(forbid, request, row.id, grant),
  );
}

/** Of several grants whose conditions are not met, the one that comes nearest is told. */
function findUnmet({ tables, request, findings, clauses }: Case, data: string, open: readonly Grant[]): void {
  let nearest: Finding[] | undefined;
  for (const grant of open) {
    const unmet: Finding[] = [];
    meets(tables, grant, request, data, unmet);
    if (nearest === undefined || unmet.length < nearest.length) nearest = unmet;
  }
  for (const finding of nearest ?? []) {
    findings.push(finding);
    if (finding.clause !== undefined) clauses.add(finding.clause);
    if (finding.code === 'no_consent') for (const clause of asksFor(tables, finding)) clauses.add(clause);
  }
}

/** The clauses that ask for the consent that is missing. */
export function asksFor(tables: Tables, { purpose, recipient }: Finding): string[] {
  return tables.asks
    .filter((ask) => purpose === undefined || ask.purposes.has(purpose))
    .filter((ask) => (recipient === undefined ? ask.recipients.size === 0 : ask.recipients.has(recipient)))
    .map((ask) => ask.clause);
}

/** In what a grant can differ from a request, and how that is told; the most telling first. */
const MISFITS: readonly {
  readonly fits: (grant: Grant, request: Request) => boolean;
  readonly tell: (request: Request, tables: Tables) => Omit<Finding, 'data' | 'clause'> | undefined;
}[] = [
  {
    fits: fitsPurpose,
    tell: ({ purpose }, tables) => isKnown(purpose, tables.purposes) && { code: 'purpose_not_granted', purpose },
  },
  {
    fits: fitsRecipient,
    tell: ({ recipient }, tables) =>
      isKnown(recipient, tables.recipients) && { code: 'recipient_not_granted', recipient },
  },
  {
    fits: (grant, { service }) => fitsService(grant, service),
    tell: ({ service }, tables) => isKnown(service, tables.services) && { code: 'not_of_service', service },
  },
  // Who may use a right is told once for the whole request, as not_own.
  {
    fits: (grant, { actor }) => fitsActor(grant, actor),
    tell: ({ action }) => (isRight(action) ? undefined : { code: 'no_rule' }),
  },
];

function isRight(action: Request['action']): boolean {
  return action === 'view' || action === 'correct';
}

/** A name that is not declared is told as that, once, and not again as one that does not fit. */
function isKnown(name: string | undefined, names: ReadonlyMap<string, unknown>): true | undefined {
  return name === undefined || names.has(name) ? true : undefined;
}

/** No grant fits: say in what the nearest ones differ. */
function findMisfits(at: Case, row: DataRow, grants: readonly Grant[], isForbidden: boolean): void {
  const { tables, request, findings, clauses } = at;
  const misfits = grants.map((grant) => MISFITS.filter(({ fits }) => !fits(grant, request)));
  const least = Math.min(...misfits.map((list) => list.length));
  for (const misfit of MISFITS) {
    const nearest = grants.filter((_, index) => misfits[index]?.length === least && misfits[index].includes(misfit));
    const [clause, ...also] = new Set(nearest.map((grant) => grant.clause));
    if (clause === undefined) continue;
    const finding = misfit.tell(request, tables);
    if (finding !== undefined)
      findings.push({ ...finding, data: row.id, clause, ...(also.length === 0 ? {} : { also }) });
    for (const each of [clause, ...also]) clauses.add(each);
  }
  for (const { clause } of grants) clauses.add(clause);
  if (grants.length === 0 && !isForbidden) findings.push({ code: 'no_rule', data: row.id });
  if (request.action !== 'collect' || request.service === undefined || isForbidden) return;
  for (const clause of tables.services.get(request.service)?.clauses ?? []) clauses.add(clause);
}

function spoken({ purpose, recipient }: Request): Pick<Finding, 'purpose' | 'recipient'> {
  return { ...(purpose === undefined ? {} : { purpose }), ...(recipient === undefined ? {} : { recipient }) };
}

function findInsecure({ request, findings, clauses }: Case, row: DataRow | undefined): void {
  if (request.facts?.secure_channel !== false) return;
  for (const clause of row?.tls ?? []) {
    findings.push({ code: 'insecure_channel', data: row?.id, clause });
    clauses.add(clause);
  }
}

/** A right is the person's own: nobody else may use it, and the person only after proving who they are. */
function findNotOwn({ tables, request, findings, clauses }: Case): void {
  if (request.actor.kind === 'person' && request.facts?.own === true) return;
  const offers = request.data.flatMap((id) => tables.data.get(id)?.grants[request.action]?.all ?? []);
  findings.push({ code: 'not_own', ...(offers[0] === undefined ? {} : { clause: offers[0].clause }) });
  for (const offer of offers) clauses.add(offer.clause);
}

/** What is missing from a form as a whole. */
function findIncomplete({ tables, request, findings, clauses }: Case): void {
  const { actor, data, facts = {} } = request;
  const service = request.service === undefined ? undefined : tables.services.get(request.service);
  if (service === undefined) return;
  const { given, none = [], acknowledged } = facts;
  for (const id of new Set(none)) {
    const field = service.fields.get(id);
    if (field?.acceptNone === true) continue;
    const clause = field?.clause;
    findings.push({
      code: 'none_not_accepted',
      data: id,
      service: service.id,
      ...(clause === undefined ? {} : { clause }),
    });
    if (clause !== undefined) clauses.add(clause);
  }
  if (actor.kind !== 'person' && actor.kind !== 'public') return;
  for (const { data: id, clause } of service.required) {
    if (none.includes(id) || (given ?? data).includes(id)) continue;
    findings.push({ code: 'missing_field', data: id, clause, service: service.id });
    clauses.add(clause);
  }
  if (acknowledged === true) return;
  for (const clause of service.acknowledge) {
    findings.push({ code: 'not_acknowledged', clause, service: service.id });
    clauses.add(clause);
  }
}
