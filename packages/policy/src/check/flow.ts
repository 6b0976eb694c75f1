import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import { allGroups, rulesOf } from '../model/queries.ts';
import type { Mention, Rule } from '../model/rules.ts';

/** The keys under which a rule names data that it makes use of. */
const USES: Readonly<Partial<Record<Rule['verb'], readonly string[]>>> = {
  use: ['data'],
  share: ['data'],
  transfer: ['data'],
  entrust: ['data'],
  disclose: ['data'],
  publish: ['data'],
  count: ['from', 'breakdown'],
  anonymise: ['data'],
  personalise: ['data'],
};

/**
 * Data that come in and serve nothing, and data that are used and never come in. A group is used when some of it is. What
 * comes in at a desk is used by whoever answers; what `anonymise` makes comes from inside.
 */
export function checkFlow(document: PolicyDocument, report: Report): void {
  const { leaves } = allGroups(document).data;
  const desks = new Set(rulesOf(document, 'contact').flatMap((rule) => rule.body.service));
  const comeIn: Mention[] = [];
  const serve: Mention[] = [];
  const collected = new Set<string>();
  const used = new Set<string>();
  for (const clause of document.clauses) {
    for (const rule of clause.rules) {
      const keys = USES[rule.verb];
      for (const mention of rule.mentions) {
        if (mention.kind !== 'data' || document.terms.data[mention.id] === undefined) continue;
        if (keys?.includes(mention.key) === true) {
          serve.push(mention);
          for (const leaf of leaves(mention.id)) used.add(leaf);
        }
        const made = rule.verb === 'anonymise' && mention.key === 'as';
        const taken = rule.verb === 'collect' && mention.key === 'data';
        if (made || taken) for (const leaf of leaves(mention.id)) collected.add(leaf);
        if (taken) {
          comeIn.push(mention);
          const atDesk = rule.body.service.some((service) => desks.has(service));
          if (atDesk) for (const leaf of leaves(mention.id)) used.add(leaf);
        }
      }
    }
  }
  for (const mention of comeIn) {
    if (!leaves(mention.id).some((leaf) => used.has(leaf)))
      report.add('collected_never_used', mention, { found: mention.id });
  }
  for (const mention of serve) {
    if (!leaves(mention.id).some((leaf) => collected.has(leaf))) {
      report.add('used_never_collected', mention, { found: mention.id });
    }
  }
}
