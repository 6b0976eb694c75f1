import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import type { AllGroups, Groups } from '../model/groups.ts';
import { allGroups, rulesOf } from '../model/queries.ts';
import type { Rule, RuleOf } from '../model/rules.ts';
import { grantOf, type Granted } from '../compile/grants.ts';

/**
 * One way in which a rule is limited: the names that the granting rule gives, what each name means, and what the prohibition
 * says. Names that are left out mean "any".
 */
interface Dimension {
  readonly names: readonly string[];
  readonly forbidden: readonly string[];
  readonly groups: Groups | undefined;
}

/**
 * Finds every pair of a grant and a prohibition that cannot both stand: exhaustively, but rule by rule and name by name
 * instead of combination by combination.
 */
export function checkContradictions(document: PolicyDocument, report: Report): void {
  const groups = allGroups(document);
  const forbids = rulesOf(document, 'forbid');
  if (forbids.length === 0) return;
  const grants = document.clauses.flatMap((clause) =>
    clause.rules.flatMap((rule) => {
      const granted = grantOf(rule, groups);
      return granted === undefined ? [] : [{ rule, granted }];
    }),
  );
  for (const forbid of forbids) {
    for (const { rule, granted } of grants) {
      if (!isSameAction(forbid, granted) || forbid.body.unless.includes(rule.clause)) continue;
      const dead = deadNames(dimensionsOf(rule, granted, forbid, groups), forbid);
      const found = `clause ${rule.clause} against clause ${forbid.clause}`;
      if (dead === 'all') report.add('contradiction', rule, { found });
      else if (dead.length > 0) report.add('partial_contradiction', rule, { found: `${dead.join(', ')}: ${found}` });
    }
    for (const mention of forbid.mentions) {
      if (mention.kind !== 'clause') continue;
      const lifted = grants.some(
        ({ rule, granted }) => rule.clause === mention.id && overlaps(forbid, granted, groups),
      );
      if (!lifted && document.clauses.some((clause) => clause.id === mention.id)) {
        report.add('unless_without_grant', mention, { found: mention.id });
      }
    }
  }
}

function isSameAction({ body }: RuleOf<'forbid'>, { actions }: Granted): boolean {
  const own = actions.filter((action) => action !== 'view' && action !== 'correct');
  return (
    own.length > 0 &&
    (body.actions.length === 0 || body.actions.includes('all') || own.some((action) => body.actions.includes(action)))
  );
}

function overlaps(forbid: RuleOf<'forbid'>, granted: Granted, groups: AllGroups): boolean {
  if (!isSameAction(forbid, granted)) return false;
  if (forbid.body.data.length === 0 || granted.data === undefined) return true;
  return !groups.data.cover(granted.data).isDisjointFrom(groups.data.cover([...forbid.body.data, ...forbid.body.with]));
}

function dimensionsOf(
  rule: Rule,
  { data, grant }: Granted,
  { body }: RuleOf<'forbid'>,
  groups: AllGroups,
): Dimension[] {
  const written = rule.body as { readonly for?: readonly string[]; readonly to?: readonly string[] };
  return [
    { names: data ?? [], forbidden: body.data, groups: groups.data },
    { names: written.for ?? [], forbidden: body.for, groups: groups.purposes },
    { names: written.to ?? [], forbidden: body.to, groups: groups.recipients },
    { names: [...grant.by], forbidden: body.by, groups: undefined },
    { names: [...(grant.services ?? [])], forbidden: body.service, groups: undefined },
    { names: [...(grant.from ?? [])], forbidden: body.from, groups: undefined },
  ];
}

/** The names of the grant that the prohibition makes worthless: all, or those of one dimension where it takes all the others. */
function deadNames(dimensions: readonly Dimension[], { body }: RuleOf<'forbid'>): 'all' | string[] {
  // "… with …" speaks of combinations of data, never of one piece alone.
  if (body.with.length > 0) return [];
  const open = dimensions.filter((dimension) => !takesAll(dimension));
  const [only, ...others] = open;
  if (only === undefined) return 'all';
  return others.length > 0 ? [] : only.names.filter((name) => takes(only, name));
}

function takesAll(dimension: Dimension): boolean {
  if (dimension.forbidden.length === 0) return true;
  return dimension.names.length > 0 && dimension.names.every((name) => takes(dimension, name));
}

function takes({ forbidden, groups }: Dimension, name: string): boolean {
  if (groups === undefined) return forbidden.includes(name);
  return groups.leaves(name).every((leaf) => groups.above(leaf).some((each) => forbidden.includes(each)));
}
