import { type Diagnostic, Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import { checkConsents } from './consents.ts';
import { checkContradictions } from './contradictions.ts';
import { checkFlow } from './flow.ts';
import { checkGroups } from './groups.ts';
import { checkNames } from './names.ts';
import { checkRules } from './rules.ts';
import { checkUnused } from './unused.ts';

/** What is wrong with the meaning of a policy. Together with what `parse` reports, these are all problems at once. */
export function check(document: PolicyDocument): Diagnostic[] {
  const report = new Report(document.file);
  for (const look of [
    checkNames,
    checkGroups,
    checkRules,
    checkUnused,
    checkFlow,
    checkConsents,
    checkContradictions,
  ]) {
    look(document, report);
  }
  return report.sorted();
}
