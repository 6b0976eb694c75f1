import type { PhrasingContent } from 'mdast';
import type { Clause, Note, PolicyDocument } from '../model/document.ts';
import { escapeHtml } from './html.ts';
import { destinationOf } from './links.ts';

/**
 * The prose of a clause as HTML without a surrounding element. Everything is made from the Markdown nodes: HTML in the prose
 * is shown as text, pictures as their description, and a link out of the site says that the other site's policy applies.
 */
export function renderClause(clause: Clause, document: PolicyDocument, language: string): string {
  return renderProse(clause.content, document, language);
}

/** A remark as paragraphs. */
export function renderNote(note: Note, document: PolicyDocument, language: string): string {
  return note.paragraphs.map((content) => `<p>${renderProse(content, document, language)}</p>`).join('');
}

function renderProse(content: readonly PhrasingContent[], document: PolicyDocument, language: string): string {
  return content.map((node) => renderNode(node, document, language)).join('');
}

function renderNode(node: PhrasingContent, document: PolicyDocument, language: string): string {
  switch (node.type) {
    case 'text':
    case 'html':
      return escapeHtml(node.value);
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`;
    case 'break':
      return '<br>';
    case 'image':
      return escapeHtml(node.alt ?? '');
    case 'emphasis':
      return `<em>${renderProse(node.children, document, language)}</em>`;
    case 'strong':
      return `<strong>${renderProse(node.children, document, language)}</strong>`;
    case 'link':
      return renderLink(node.url, renderProse(node.children, document, language), document, language);
    default:
      return 'children' in node ? renderProse(node.children, document, language) : '';
  }
}

function renderLink(url: string, inner: string, document: PolicyDocument, language: string): string {
  const to = destinationOf(url, document);
  if (to.kind === 'refused') return inner;
  const href = escapeHtml(to.href);
  if (to.kind === 'inside') return `<a href="${href}">${inner}</a>`;
  const note =
    language.split('-', 1)[0] === 'zh'
      ? '（离开本站，适用对方网站自身的隐私政策）'
      : ' (leaves this site; that site’s own policy applies)';
  return `<a class="leaves" href="${href}" rel="noreferrer noopener external">${inner}<span class="leaves-note">${note}</span></a>`;
}
