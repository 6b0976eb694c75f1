import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import type { GroupedTerm } from '../model/terms.ts';

/** Groups must not contain each other, and should not be empty. */
export function checkGroups(document: PolicyDocument, report: Report): void {
  const { data, purposes, recipients } = document.terms;
  for (const terms of [data, purposes, recipients]) {
    const all: readonly GroupedTerm[] = Object.values(terms);
    const filled = new Set(all.flatMap((term) => term.in));
    for (const term of all) {
      if (term.group && !filled.has(term.id)) report.add('empty_group', term, { found: term.id });
    }
    for (const term of inCircles(all)) report.add('group_cycle', term, { found: term.id });
  }
}

/** What remains when every term whose groups are settled is taken away, again and again: the circles and what is in them. */
function inCircles(terms: readonly GroupedTerm[]): GroupedTerm[] {
  const known = new Map(terms.map((term) => [term.id, term]));
  const open = new Map(terms.map((term) => [term.id, term.in.filter((group) => known.has(group)).length]));
  const members = Map.groupBy(
    terms.flatMap((term) => term.in.map((group) => ({ group, id: term.id }))),
    ({ group }) => group,
  );
  const settled = terms.filter((term) => open.get(term.id) === 0).map((term) => term.id);
  for (const id of settled) {
    open.delete(id);
    for (const member of members.get(id) ?? []) {
      const left = (open.get(member.id) ?? 0) - 1;
      open.set(member.id, left);
      if (left === 0) settled.push(member.id);
    }
  }
  return terms.filter((term) => open.has(term.id));
}
