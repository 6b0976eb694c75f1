import type { Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import type { Mention } from '../model/rules.ts';
import { PLACES } from '../model/words.ts';

/** Every name that a rule, a term or the front matter uses must be declared. */
export function checkNames(document: PolicyDocument, report: Report): void {
  const clauses = new Set(document.clauses.map((clause) => clause.id));
  for (const clause of document.clauses) {
    for (const rule of clause.rules) {
      for (const mention of rule.mentions) checkMention(document, clauses, mention, report);
    }
  }
  const { defaultRefusal, defaultRefusalAt = { line: 1, column: 1 } } = document;
  if (defaultRefusal !== undefined && !clauses.has(defaultRefusal)) {
    report.add('unknown_clause', defaultRefusalAt, { found: defaultRefusal });
  }
  for (const cookie of Object.values(document.terms.cookies)) {
    const { lasts } = cookie;
    if (lasts !== undefined && lasts !== 'session' && document.settings[lasts] === undefined) {
      report.add('undeclared_setting', cookie, { expected: 'session, or a setting', found: lasts });
    }
  }
}

function checkMention(document: PolicyDocument, clauses: ReadonlySet<string>, mention: Mention, report: Report): void {
  const { kind, id } = mention;
  if (kind === 'clause') {
    if (!clauses.has(id)) report.add('unknown_clause', mention, { found: id });
  } else if (kind === 'setting') {
    if (document.settings[id] === undefined) report.add('undeclared_setting', mention, { found: id });
  } else if (kind === 'place') {
    if (PLACES.some((place) => place === id) || document.terms.services[id] !== undefined) return;
    report.add('undeclared_term', mention, { expected: `${PLACES.join(', ')} or a service`, found: id });
  } else if (document.terms[kind][id] === undefined) {
    report.add('undeclared_term', mention, { expected: `one of the ${kind}`, found: id });
  }
}
