import type { BlockContent, Blockquote, Code, DefinitionContent, Heading, List, Paragraph, RootContent } from 'mdast';
import type { Report } from '../diagnostics/report.ts';
import type { Clause, Note, Position, Reference } from '../model/document.ts';
import type { Rule } from '../model/rules.ts';
import { plain, type Prose, readProse, referencesIn, start } from './prose.ts';
import { readRules } from './rule.ts';
import { MAX_DEPTH } from './source.ts';
import { CLAUSE_ID } from './specs.ts';
import { emptyTerms, readTerms, type TermStore } from './terms.ts';
import type { Origin } from './yaml.ts';

type Content = RootContent | BlockContent | DefinitionContent;

/** A clause while its rules are gathered. One without a usable id keeps its rules to itself, so that they are read too. */
export interface ClauseDraft {
  readonly id: string | undefined;
  readonly prose: Prose;
  readonly at: Position;
  readonly rules: Rule[];
  readonly form: Clause['form'];
  readonly depth: number;
  readonly ordered: boolean;
}

export interface SectionDraft {
  /** The id that the text gives; others are made from the title later. */
  readonly id: string | undefined;
  readonly title: string;
  readonly depth: number;
  readonly at: Position;
  readonly blocks: ({ kind: 'clause'; draft: ClauseDraft } | { kind: 'note'; note: Note })[];
}

/** Where a paragraph stands. */
interface Place {
  readonly depth: number;
  readonly ordered: boolean;
  readonly item: boolean;
}

/** Walks the Markdown from top to bottom and gathers sections, clauses, rules, terms and remarks. */
export class BlockReader {
  readonly sections: SectionDraft[] = [];
  readonly references: Reference[] = [];
  readonly store: TermStore = emptyTerms();
  readonly #report: Report;
  #clause: ClauseDraft | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  read(content: readonly Content[], place: Place = { depth: 0, ordered: false, item: false }): void {
    let first = place.item;
    for (const node of content) {
      if (node.type === 'heading' && place.depth === 0) this.#heading(node);
      else if (node.type === 'paragraph') this.#paragraph(node, { ...place, item: first });
      else if (node.type === 'list') this.#list(node, place.depth + 1);
      else if (node.type === 'blockquote') this.#note(node);
      else if (node.type === 'code') this.#code(node);
      else if (node.type !== 'yaml' && node.type !== 'thematicBreak' && !isComment(node)) {
        this.#report.add('unknown_block', start(node), { found: NAMES[node.type] ?? node.type });
      }
      first = false;
    }
  }

  #heading(node: Heading): void {
    const { id, idAt, text } = readProse(node);
    if (id !== undefined && !CLAUSE_ID.test(id)) this.#report.add('bad_clause_id', idAt, { found: id });
    this.references.push(...referencesIn(node));
    this.sections.push({ id, title: text, depth: node.depth, at: start(node), blocks: [] });
    this.#clause = undefined;
  }

  #paragraph(node: Paragraph, place: Place): void {
    const prose = readProse(node);
    const at = start(node);
    this.references.push(...referencesIn(node));
    const sound = prose.id !== undefined && CLAUSE_ID.test(prose.id) && prose.text !== '';
    if (prose.id === undefined) this.#report.add('prose_without_id', at, { found: `"${prose.text}"` });
    else if (prose.text === '')
      this.#report.add('misplaced_id', at, { expected: 'prose before the id', found: prose.id });
    else if (!sound) this.#report.add('bad_clause_id', prose.idAt, { found: prose.id });
    const inner = /\{#[^{}\s]*\}/.exec(prose.text);
    if (inner !== null) this.#report.add('misplaced_id', at, { found: inner[0] });
    const { depth, ordered, item } = place;
    const form = item ? 'item' : 'paragraph';
    this.#clause = { id: sound ? prose.id : undefined, prose, at, rules: [], form, depth, ordered };
    this.#section().blocks.push({ kind: 'clause', draft: this.#clause });
  }

  #list(node: List, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#report.add('too_deep', start(node), { expected: `at most ${MAX_DEPTH} levels` });
      return;
    }
    for (const item of node.children) this.read(item.children, { depth, ordered: node.ordered === true, item: true });
  }

  #note(node: Blockquote): void {
    const paragraphs = paragraphsIn(node);
    this.references.push(...referencesIn(node));
    for (const block of codesIn(node)) {
      this.#report.add('rule_without_clause', start(block), { found: 'a block inside a remark' });
    }
    this.#section().blocks.push({
      kind: 'note',
      note: {
        text: plain(paragraphs).trim(),
        line: start(node).line,
        paragraphs: paragraphs.map((paragraph) => readProse(paragraph).content),
      },
    });
  }

  #code(node: Code): void {
    const at = start(node);
    const origin: Origin = { line: at.line + 1, indent: at.column - 1 };
    if (node.lang === 'terms') {
      readTerms(node.value, origin, this.store, this.#report);
    } else if (node.lang === 'rule') {
      if (this.#clause === undefined) this.#report.add('rule_without_clause', at);
      const rules = readRules(node.value, origin, this.#clause?.id ?? '', this.#report);
      if (rules.length === 0 && node.value.trim() === '')
        this.#report.add('wrong_shape', at, { expected: 'a rule', found: 'nothing' });
      this.#clause?.rules.push(...rules);
      // A rule that could not be read is a problem of its own: the clause is not said to have none.
      if (this.#clause !== undefined) this.attempted.add(this.#clause);
    } else {
      this.#report.add('unknown_block', at, { expected: '```rule or ```terms', found: node.lang ?? 'indented text' });
    }
  }

  /** Clauses that have a rule block, readable or not. */
  readonly attempted = new Set<ClauseDraft>();

  #section(): SectionDraft {
    const last = this.sections.at(-1);
    if (last !== undefined) return last;
    const opening: SectionDraft = { id: undefined, title: '', depth: 0, at: { line: 1, column: 1 }, blocks: [] };
    this.sections.push(opening);
    return opening;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  html: 'raw HTML',
  definition: 'a link definition (write the address into the link)',
  heading: 'a heading inside a list',
};

/** Comments of authors are no prose. */
function isComment(node: Content): boolean {
  return node.type === 'html' && /^<!--[^]*-->$/.test(node.value.trim());
}

function paragraphsIn(node: Blockquote): Paragraph[] {
  return descendants(node).filter((each) => each.type === 'paragraph');
}

function codesIn(node: Blockquote): Code[] {
  return descendants(node).filter((each) => each.type === 'code');
}

/** Blocks inside a quote, in the order of the text. */
function descendants(node: Blockquote): Content[] {
  const found: Content[] = [];
  const open: Content[] = [...node.children].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    if (next.type === 'blockquote') open.push(...[...next.children].reverse());
    if (next.type === 'list') open.push(...next.children.flatMap((item) => item.children).reverse());
  }
  return found;
}
