import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import type { AllGroups, Groups } from '../model/groups.ts';
import { allGroups, rulesOf } from '../model/queries.ts';
import type { Rule, RuleOf } from '../model/rules.ts';

/** What a rule on the basis of consent needs to be asked for: each of its data, for each purpose, for each recipient. */
interface Need {
  readonly rule: Rule;
  readonly data: readonly string[];
  readonly purposes: readonly string[];
  /** Empty when nobody outside receives anything. */
  readonly recipients: readonly string[];
}

/** Whoever needs a consent must ask for it, in a question that covers it; and a question should serve something. */
export function checkConsents(document: PolicyDocument, report: Report): void {
  const groups = allGroups(document);
  const asks = rulesOf(document, 'ask');
  const needs = document.clauses.flatMap((clause) => clause.rules.flatMap(needOf));
  for (const need of needs) {
    for (const purpose of need.purposes) {
      for (const recipient of need.recipients.length === 0 ? [undefined] : need.recipients) {
        const missing = need.data.find((data) => !isAsked(groups, asks, data, purpose, recipient));
        if (missing === undefined) continue;
        const found = `${missing} for ${purpose}${recipient === undefined ? '' : ` to ${recipient}`} in clause ${need.rule.clause}`;
        report.add('consent_not_asked', need.rule, { found });
      }
    }
  }
  for (const ask of asks) {
    if (needs.some((need) => serves(groups, ask, need))) continue;
    report.add('consent_not_needed', ask, { found: ask.body.consent_to.join(', ') });
  }
}

function needOf(rule: Rule): Need[] {
  switch (rule.verb) {
    case 'collect':
    case 'use': {
      const { basis, data, for: purposes } = rule.body;
      return basis === 'consent' ? [{ rule, data, purposes, recipients: [] }] : [];
    }
    case 'share':
    case 'transfer':
    case 'entrust': {
      const { basis, data, for: purposes, to: recipients } = rule.body;
      return basis === 'consent' ? [{ rule, data, purposes, recipients }] : [];
    }
    default:
      return [];
  }
}

/** Everything in the names must be covered by some question; a question about a group covers what is in it. */
function isAsked(
  groups: AllGroups,
  asks: readonly RuleOf<'ask'>[],
  data: string,
  purpose: string,
  recipient: string | undefined,
): boolean {
  return groups.data.leaves(data).every((field) =>
    groups.purposes.leaves(purpose).every((aim) =>
      (recipient === undefined ? [undefined] : groups.recipients.leaves(recipient)).every((to) =>
        asks.some(({ body }) => {
          if (!covers(groups.purposes, body.consent_to, aim)) return false;
          if (to === undefined ? body.to.length > 0 : !covers(groups.recipients, body.to, to)) return false;
          return body.data.length === 0 || covers(groups.data, body.data, field);
        }),
      ),
    ),
  );
}

function covers(groups: Groups, names: readonly string[], id: string): boolean {
  return groups.above(id).some((each) => names.includes(each));
}

function serves({ purposes, recipients }: AllGroups, { body }: RuleOf<'ask'>, need: Need): boolean {
  const wanted = purposes.cover(need.purposes);
  const asked = purposes.cover(body.consent_to);
  if (wanted.isDisjointFrom(asked)) return false;
  if (need.recipients.length === 0) return body.to.length === 0;
  return !recipients.cover(need.recipients).isDisjointFrom(recipients.cover(body.to));
}
