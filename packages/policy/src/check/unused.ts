import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import { allGroups } from '../model/queries.ts';
import type { Term, TermKind } from '../model/terms.ts';

/**
 * Terms that no rule names. Recipients and services are left out: to declare them so that they are refused by name, or have a
 * page without collecting anything, is meant.
 */
export function checkUnused(document: PolicyDocument, report: Report): void {
  const named = namesIn(document);
  const groups = allGroups(document);
  const { data, purposes, functions, measures, cookies } = document.terms;
  warn(data, groups.data.cover(named('data')));
  warn(purposes, groups.purposes.cover(named('purposes')));
  warn(functions, new Set(named('functions')));
  warn(measures, new Set(named('measures')));
  const set = new Set(named('cookies'));
  for (const cookie of Object.values(cookies)) {
    if (!set.has(cookie.id)) report.add('cookie_without_rule', cookie, { found: cookie.id });
  }

  function warn(terms: Readonly<Record<string, Term>>, used: ReadonlySet<string>): void {
    for (const term of Object.values(terms))
      if (!used.has(term.id)) report.add('unused_term', term, { found: term.id });
  }
}

function namesIn(document: PolicyDocument): (kind: TermKind) => string[] {
  const mentions = document.clauses.flatMap((clause) => clause.rules.flatMap((rule) => rule.mentions));
  return (kind) => mentions.filter((mention) => mention.kind === kind).map((mention) => mention.id);
}
