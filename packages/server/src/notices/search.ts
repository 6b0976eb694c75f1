import { html } from 'hono/html';
import { renderClause, type Clause, type PolicyDocument } from '@troth/policy';
import type { Frame } from '../platform/web/frame.ts';
import { safe, type Html } from '../platform/web/layout.ts';

/** Clauses whose text has all the words that a reader looks for. What they look for is kept nowhere. */
function clausesWith(document: PolicyDocument, query: string): Clause[] {
  const words = query
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return document.clauses.filter((clause) => {
    const text = `${clause.id} ${clause.text}`.normalize('NFKC').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A search through the policy: asks for nothing but the words, and needs no account. */
export function searchPage(frame: Frame, document: PolicyDocument, query: string): Html {
  const { say, language } = frame;
  const found = clausesWith(document, query);
  return html`<h1>${say('Search the policy', '搜索政策')}</h1>
<form method="get" action="/policy/search" role="search"><label for="q">${say('Words', '关键词')}</label>
<input id="q" name="q" value="${query}" maxlength="200"><p><button>${say('Search', '搜索')}</button></p></form>
${query.trim() === '' ? '' : html`<p role="status">${say(`${found.length} clauses`, `${found.length} 条`)}</p>`}
${found.map(
  (clause) => html`<div class="clause"><p>${safe(renderClause(clause, document, language))}</p>
<p class="kept-by"><a href="/policy#${clause.id}">${clause.id}</a></p></div>`,
)}`;
}
