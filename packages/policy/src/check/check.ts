import type { PolicyDocument } from '../model/document.ts';
import { type Diagnostic, Report } from '../diagnostics/report.ts';

/** What is wrong with the meaning of a policy. */
export function check(document: PolicyDocument): Diagnostic[] {
  const report = new Report(document.file);
  return report.sorted();
}
