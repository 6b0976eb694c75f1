import type { Clause, PolicyDocument } from '../model/document.ts';

export function renderClause(clause: Clause, _document: PolicyDocument, _language: string): string {
  return clause.text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
