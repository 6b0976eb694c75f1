import type { Tables } from '../compile/tables.ts';
import { label } from '../model/label.ts';
import type { TermKind } from '../model/terms.ts';

/** How many characters of an unknown name are repeated: it came from outside. */
const MOST = 60;

/** The label of a declared term, or else the name itself, shortened. */
export function nameOf(tables: Tables, kind: TermKind, id: string | undefined, chinese: boolean): string {
  if (id === undefined) return chinese ? '（未说明）' : '(none given)';
  const terms: Readonly<Record<string, { readonly label: Readonly<Record<string, string>> }>> =
    tables.document.terms[kind];
  const term = terms[id];
  if (term !== undefined) return label(term, chinese ? 'zh' : 'en');
  const plain = id.replace(/[^\p{L}\p{N}_.-]+/gu, ' ').trim();
  return `"${plain.length > MOST ? `${plain.slice(0, MOST)}…` : plain}"`;
}
