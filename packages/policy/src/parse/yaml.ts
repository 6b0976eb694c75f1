import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Node, Pair } from 'yaml';
import type { Report } from '../diagnostics/report.ts';
import type { Position } from '../model/document.ts';
import type { Mention } from '../model/rules.ts';

/** Where a piece of YAML stands in the file: the line of its first line, and how many columns were cut off before it. */
export interface Origin {
  readonly line: number;
  readonly indent: number;
}

/** What the readers of YAML values share. */
export interface Context {
  readonly report: Report;
  /** The place of a node in the file. */
  at(node: Node | null | undefined): Position;
  /** Where a rule gathers the terms that it names. */
  readonly mentions: Mention[];
}

export interface Yaml {
  readonly context: Context;
  readonly root: Node | null;
}

const OPTIONS = { version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: false, merge: false } as const;

/**
 * Reads YAML without ever resolving it: no aliases, no tags, no merging, so no text can grow into more than it is.
 * Reports every problem; undefined if the value cannot be trusted.
 */
export function readYaml(text: string, origin: Origin, report: Report): Yaml | undefined {
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: origin.line + Math.max(line, 1) - 1, column: origin.indent + Math.max(col, 1) };
  };
  const start: Position = { line: origin.line, column: origin.indent + 1 };
  try {
    const document = parseDocument(text, { ...OPTIONS, lineCounter: lines, logLevel: 'silent' });
    const context: Context = {
      report,
      mentions: [],
      at: (node) => (node?.range ? place(node.range[0]) : start),
    };
    let sound = true;
    for (const problem of [...document.errors, ...document.warnings]) {
      sound = false;
      const code = problem.code === 'TAG_RESOLVE_FAILED' ? 'yaml_tag' : 'yaml_syntax';
      report.add(code, place(problem.pos[0]), { found: problem.message });
    }
    if (sound) {
      visit(document, (_key, node) => {
        if (!isNode(node)) return;
        if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) {
          sound = false;
          report.add('yaml_alias', context.at(node));
        } else if (node.tag !== undefined) {
          sound = false;
          report.add('yaml_tag', context.at(node));
        }
      });
    }
    return sound ? { context, root: document.contents } : undefined;
  } catch {
    // The parser recurses: only nesting of thousands of levels ends here.
    report.add('yaml_syntax', start, { found: 'nesting that is too deep to read' });
    return undefined;
  }
}

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
}

/** The entries of a mapping; reports another shape, or a key that is not plain text. */
export function entriesOf(context: Context, node: Node | null, expected: string): Entry[] | undefined {
  if (!isMap(node)) {
    context.report.add('wrong_shape', context.at(node), { expected, found: describe(node) });
    return undefined;
  }
  const entries: Entry[] = [];
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    if (isScalar(key) && (typeof key.value === 'string' || typeof key.value === 'number')) {
      entries.push({ key: String(key.value), keyNode: key, value: value ?? null });
    } else {
      context.report.add('wrong_shape', context.at(key), { expected: 'a plain word as key', found: describe(key) });
    }
  }
  return entries;
}

/** The items of a list; a single scalar is a list of one. */
export function itemsOf(node: Node | null): (Node | null)[] {
  return isSeq(node) ? (node.items as (Node | null)[]) : [node];
}

/** The text of a scalar that is not null, as it was meant: numbers and booleans in their plain form. */
export function textOf(node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = node as { value: unknown };
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return node.source ?? String(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** What a node is, in words for a diagnostic. */
export function describe(node: Node | null | undefined): string {
  if (node === null || node === undefined) return 'nothing';
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (isScalar(node)) return node.value === null ? 'nothing' : `"${textOf(node) ?? 'something else'}"`;
  return 'an alias';
}
