import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import type { AllGroups } from '../model/groups.ts';
import { allGroups } from '../model/queries.ts';
import type { Mention, Rule, RuleOf } from '../model/rules.ts';

/** What is wrong with a rule by itself. */
export function checkRules(document: PolicyDocument, report: Report): void {
  const groups = allGroups(document);
  for (const clause of document.clauses) {
    for (const rule of clause.rules) {
      if (rule.verb === 'collect') checkCollect(document, groups, rule, report);
      if (rule.verb === 'use' && rule.body.by.includes('function') && rule.body.functions.length === 0) {
        report.add('function_not_named', rule, { found: `a use in clause ${rule.clause}` });
      }
      if (!hasGround(rule))
        report.add('shared_without_ground', rule, { found: `"${rule.verb}" in clause ${rule.clause}` });
    }
  }
}

/** Whatever hands data to others must say on what it stands, if only that the text does not say. */
function hasGround(rule: Rule): boolean {
  switch (rule.verb) {
    case 'share':
    case 'transfer':
    case 'entrust':
      return rule.body.basis !== undefined;
    case 'disclose':
      return rule.body.ground !== undefined;
    default:
      return true;
  }
}

function checkCollect(document: PolicyDocument, groups: AllGroups, rule: RuleOf<'collect'>, report: Report): void {
  const collected = groups.data.cover(rule.body.data);
  const fromPerson = rule.body.from.includes('person');
  for (const mention of rule.mentions) {
    if (mention.kind !== 'data') continue;
    const term = document.terms.data[mention.id];
    if (term === undefined) continue;
    if (isChoice(mention) && !collected.has(mention.id)) report.add('not_in_rule', mention, { found: mention.id });
    if (mention.key === 'data' && fromPerson && !term.group && term.input === 'none') {
      report.add('field_without_input', mention, { found: mention.id });
    }
  }
}

function isChoice({ key }: Mention): boolean {
  return key === 'required' || key === 'accept_none';
}
