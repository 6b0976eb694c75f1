import type { PhrasingContent } from 'mdast';
import type { Label } from './label.ts';
import type { Rule } from './rules.ts';
import type { Terms } from './terms.ts';
import type { Statement } from './words.ts';

export interface Controller {
  readonly name: string;
  readonly site?: string;
  readonly email?: string;
  readonly post?: string;
  readonly privacy_contact?: string;
}

/** A figure that the source leaves open: the implementer's choice, shown as such. */
export interface Setting {
  readonly id: string;
  readonly value: string | number | boolean;
  readonly unit?: string;
  readonly why?: Label;
}

/** A place in the policy text, 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Clause {
  readonly id: string;
  /** The prose, plain. */
  readonly text: string;
  /** The id of the section that it stands in. */
  readonly section: string;
  readonly line: number;
  readonly column: number;
  readonly rules: readonly Rule[];
  readonly statement?: Statement;
  /** Whether it is a paragraph, or an item of a list (and how deep, and whether the list counts). */
  readonly form: 'paragraph' | 'item';
  readonly depth: number;
  readonly ordered: boolean;
  /** The prose as Markdown nodes without the id, for `renderClause`. */
  readonly content: readonly PhrasingContent[];
}

/** Commentary (a blockquote): shown as a note, never a promise. */
export interface Note {
  readonly text: string;
  readonly line: number;
  readonly paragraphs: readonly (readonly PhrasingContent[])[];
}

/** What a section holds, in the order of the text. */
export type Block =
  | { readonly kind: 'clause'; readonly clause: Clause }
  | { readonly kind: 'note'; readonly note: Note };

export interface Section {
  readonly id: string;
  readonly title: string;
  /** 1 to 6; 0 for what stands before the first heading. */
  readonly depth: number;
  readonly line: number;
  readonly clauses: readonly Clause[];
  readonly notes: readonly Note[];
  readonly blocks: readonly Block[];
}

/** A link of the prose to a place in the same document. */
export interface Reference extends Position {
  readonly target: string;
}

export interface PolicyDocument {
  readonly id: string;
  readonly file: string;
  readonly title: Label;
  readonly version: string;
  readonly date: string;
  readonly dateMeans?: Label;
  readonly effective?: string;
  readonly language: string;
  readonly jurisdiction?: string;
  readonly origin?: string;
  readonly controller: Controller;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly notPromised: readonly Label[];
  /** The clause that a default refusal stands on. */
  readonly defaultRefusal?: string;
  readonly defaultRefusalAt?: Position;
  readonly terms: Terms;
  readonly sections: readonly Section[];
  readonly clauses: readonly Clause[];
  readonly references: readonly Reference[];
}
