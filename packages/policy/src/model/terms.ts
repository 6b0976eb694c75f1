import type { Label } from './label.ts';

/** How a form asks for a piece of data; `none` means that no form asks for it. */
export const INPUTS = ['text', 'email', 'tel', 'url', 'textarea', 'password', 'number', 'none'] as const;
export type Input = (typeof INPUTS)[number];

/** How a value is covered when it may only be shown masked. */
export const MASKS = ['name', 'email', 'phone', 'all', 'tail4', 'none'] as const;
export type Mask = (typeof MASKS)[number];

/** What a service is, which decides the room that runs it. */
export const SERVICE_KINDS = ['account', 'queue', 'public', 'posting', 'self'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** The kinds of terms that a policy may declare. */
export const TERM_KINDS = ['data', 'purposes', 'recipients', 'services', 'functions', 'cookies', 'measures'] as const;
export type TermKind = (typeof TERM_KINDS)[number];

/** What every declared term has. `line` and `column` say where it is declared (1-based). */
export interface Term {
  readonly id: string;
  readonly label: Label;
  readonly line: number;
  readonly column: number;
  /** The W3C Data Privacy Vocabulary term, such as `pd:EmailAddress`. */
  readonly dpv?: string;
}

/** A term that may stand in groups (`in`) or be one (`group`). A rule that names a group means its members and its own name. */
export interface GroupedTerm extends Term {
  readonly group: boolean;
  readonly in: readonly string[];
}

export interface DataTerm extends GroupedTerm {
  readonly family?: string;
  readonly input: Input;
  readonly sensitive: boolean;
  readonly mask: Mask;
  /** The most characters that a value may have. */
  readonly max?: number;
}

export interface PurposeTerm extends GroupedTerm {}

export interface RecipientTerm extends GroupedTerm {}

export interface ServiceTerm extends Term {
  readonly kind: ServiceKind;
  readonly mailbox?: string;
}

export interface FunctionTerm extends Term {}

export interface CookieTerm extends Term {
  readonly class?: string;
  readonly lasts?: string;
  readonly holds?: string;
}

export interface MeasureTerm extends Term {}

/** Terms by id; the records have no prototype, so that a term called `constructor` is not there unless it was declared. */
export interface Terms {
  readonly data: Readonly<Record<string, DataTerm>>;
  readonly purposes: Readonly<Record<string, PurposeTerm>>;
  readonly recipients: Readonly<Record<string, RecipientTerm>>;
  readonly services: Readonly<Record<string, ServiceTerm>>;
  readonly functions: Readonly<Record<string, FunctionTerm>>;
  readonly cookies: Readonly<Record<string, CookieTerm>>;
  readonly measures: Readonly<Record<string, MeasureTerm>>;
}
