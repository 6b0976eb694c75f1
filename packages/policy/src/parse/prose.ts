import { toString } from 'mdast-util-to-string';
import type { Nodes, PhrasingContent } from 'mdast';
import type { Position, Reference } from '../model/document.ts';

/** The prose of a paragraph or heading without its trailing `{#id}`. */
export interface Prose {
  readonly id: string | undefined;
  readonly idAt: Position;
  readonly content: PhrasingContent[];
  readonly text: string;
}

const TRAILING_ID = /[ \t\n]*\{#([^{}\s]*)\}[ \t\n]*$/;

/** Takes the id off the end of the prose, and the source positions out of its nodes. */
export function readProse(node: Extract<Nodes, { type: 'paragraph' | 'heading' }>): Prose {
  const content = node.children.map(bare);
  const last = content.at(-1);
  let id: string | undefined;
  if (last?.type === 'text') {
    const match = TRAILING_ID.exec(last.value);
    if (match !== null) {
      id = match[1];
      last.value = last.value.slice(0, match.index);
      if (last.value === '') content.pop();
    }
  }
  const end = node.position?.end;
  const width = id === undefined ? 0 : id.length + 3;
  return {
    id,
    idAt: { line: end?.line ?? 1, column: Math.max((end?.column ?? 1) - width, 1) },
    content,
    text: plain(content),
  };
}

/** Text on one line. */
export function plain(content: readonly Nodes[]): string {
  return toString(content).replace(/\s+/g, ' ').trim();
}

/** The links to places of the same document. */
export function referencesIn(node: Nodes): Reference[] {
  const found: Reference[] = [];
  const open: Nodes[] = [node];
  for (const each of open) {
    if (each.type === 'link' && each.url.startsWith('#')) {
      found.push({ target: decode(each.url.slice(1)), ...start(each) });
    }
    if ('children' in each) open.push(...each.children);
  }
  return found;
}

export function start(node: Nodes): Position {
  return { line: node.position?.start.line ?? 1, column: node.position?.start.column ?? 1 };
}

/** A copy that holds only what rendering needs. */
function bare(node: PhrasingContent): PhrasingContent {
  const { position: _position, ...rest } = node;
  if (!('children' in rest)) return rest;
  return { ...rest, children: rest.children.map((child) => bare(child)) };
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
