import type { PolicyDocument } from '../model/document.ts';
import { type Groups } from '../model/groups.ts';
import type { GroupedTerm } from '../model/terms.ts';
import type { Action } from '../model/words.ts';
import { allGroups, rulesOf } from '../model/queries.ts';
import { forbidOf } from './forbids.ts';
import { grantOf } from './grants.ts';
import { serviceRows } from './services.ts';
import type { DataRow, Forbid, ForbidAction, Grant, GrantList, NameRow, Tables } from './tables.ts';

interface Draft {
  readonly id: string;
  readonly grants: Partial<Record<Action, { grant: Grant; direct: boolean }[]>>;
  readonly forbids: Partial<Record<ForbidAction, Forbid[]>>;
  readonly tls: string[];
}

/** Makes the decision tables of a document. Names that are not declared are left out: `check` reports them. */
export function compile(document: PolicyDocument): Tables {
  const groups = allGroups(document);
  const { terms } = document;
  const drafts = new Map<string, Draft>();
  for (const id of Object.keys(terms.data)) drafts.set(id, { id, grants: {}, forbids: {}, tls: [] });

  for (const clause of document.clauses) {
    for (const rule of clause.rules) {
      if (rule.verb === 'forbid') addForbid(drafts, forbidOf(rule, groups));
      const granted = grantOf(rule, groups);
      if (granted === undefined) continue;
      const named = granted.data === undefined ? undefined : new Set(granted.data);
      for (const id of named === undefined ? drafts.keys() : groups.data.cover(named)) {
        const draft = drafts.get(id);
        if (draft === undefined) continue;
        for (const action of granted.actions) {
          (draft.grants[action] ??= []).push({ grant: granted.grant, direct: named?.has(id) ?? false });
        }
      }
    }
  }
  for (const rule of rulesOf(document, 'protect')) {
    if (!rule.body.by.includes('tls')) continue;
    for (const id of groups.data.touch(rule.body.data)) drafts.get(id)?.tls.push(rule.clause);
  }

  return {
    document,
    data: new Map([...drafts].map(([id, draft]) => [id, finish(draft)])),
    services: serviceRows(document),
    functions: new Set(Object.keys(terms.functions)),
    purposes: nameRows(terms.purposes, groups.purposes),
    recipients: nameRows(terms.recipients, groups.recipients),
    asks: rulesOf(document, 'ask').map(({ clause, body }) => ({
      clause,
      purposes: groups.purposes.cover(body.consent_to),
      recipients: groups.recipients.cover(body.to),
    })),
    defaultRefusal: document.defaultRefusal === undefined ? [] : [document.defaultRefusal],
  };
}

function addForbid(drafts: ReadonlyMap<string, Draft>, { actions, forbid }: ReturnType<typeof forbidOf>): void {
  for (const draft of drafts.values()) {
    const named = forbid.data === undefined || forbid.data.has(draft.id) || forbid.with?.has(draft.id) === true;
    if (named) for (const action of actions) (draft.forbids[action] ??= []).push(forbid);
  }
}

function finish({ id, grants, forbids, tls }: Draft): DataRow {
  const lists = Object.entries(grants).map(([action, list]) => [action, grantList(list)] as const);
  return { id, grants: Object.fromEntries(lists) as DataRow['grants'], forbids, tls: [...new Set(tls)] };
}

const SHOWN = { clear: 0, masked: 2 } as const;

function grantList(list: readonly { grant: Grant; direct: boolean }[]): GrantList {
  const rank = (grant: Grant): number => (grant.show === undefined ? 1 : SHOWN[grant.show]);
  const all = list
    .toSorted((a, b) => rank(a.grant) - rank(b.grant) || Number(b.direct) - Number(a.direct))
    .map(({ grant }) => grant);
  const purposes = new Set(all.flatMap((grant) => [...(grant.for ?? [])]));
  const byPurpose = new Map<string, readonly Grant[]>();
  for (const purpose of purposes) {
    byPurpose.set(
      purpose,
      all.filter((grant) => grant.for === undefined || grant.for.has(purpose)),
    );
  }
  return { all, byPurpose };
}

function nameRows(terms: Readonly<Record<string, GroupedTerm>>, groups: Groups): Map<string, NameRow> {
  return new Map(
    Object.keys(terms).map((id) => {
      const above = new Set(groups.above(id));
      return [id, { above, related: new Set([...above, ...groups.cover([id])]) }];
    }),
  );
}
