import type { Action, ActorKind, Need } from './words.ts';

/** Who asks. A function is one of the site's own, by its declared name. */
export interface Actor {
  readonly kind: ActorKind;
  readonly function?: string;
}

/** A consent that the person has given and not taken back. */
export interface ConsentFact {
  readonly purpose: string;
  readonly recipient?: string;
}

/** What is known at the time of the request. What is left out is not the case. */
export interface Facts {
  readonly consents?: readonly ConsentFact[];
  /** Purposes that the person has objected to. */
  readonly objections?: readonly string[];
  readonly acknowledged?: boolean;
  /** The person asks about themself, and has proved it. */
  readonly own?: boolean;
  /** Fields with a value; when left out, every field of the request. */
  readonly given?: readonly string[];
  /** Fields answered "none". */
  readonly none?: readonly string[];
  readonly reason?: boolean;
  readonly reference?: boolean;
  readonly officer?: boolean;
  readonly necessity?: boolean;
  /** Only `false` refuses: the channel is known to be open to others. */
  readonly secure_channel?: boolean;
}

/** May this actor do this with these data of one person? */
export interface Request {
  readonly action: Action;
  readonly actor: Actor;
  readonly data: readonly string[];
  readonly purpose?: string;
  readonly service?: string;
  readonly recipient?: string;
  readonly facts?: Facts;
}

/** Why a request is refused. */
export const REFUSAL_CODES = [
  'undeclared_data',
  'undeclared_purpose',
  'undeclared_recipient',
  'undeclared_service',
  'undeclared_function',
  'not_of_service',
  'missing_field',
  'none_not_accepted',
  'no_rule',
  'purpose_not_granted',
  'recipient_not_granted',
  'forbidden',
  'no_consent',
  'objected',
  'needs_reason',
  'needs_reference',
  'needs_officer',
  'needs_necessity',
  'not_own',
  'not_acknowledged',
  'insecure_channel',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One problem of a refused request. */
export interface Finding {
  readonly code: RefusalCode;
  readonly data?: string;
  readonly clause?: string;
  /** Further clauses that say the same. */
  readonly also?: readonly string[];
  readonly purpose?: string;
  readonly recipient?: string;
  readonly service?: string;
  readonly function?: string;
  readonly needs?: Need;
}

/** What the one who was permitted must do. */
export type Duty =
  | { readonly kind: 'mask'; readonly data: readonly string[] }
  | { readonly kind: 'show_clear'; readonly data: readonly string[] }
  | { readonly kind: 'log' }
  | { readonly kind: 'acknowledge'; readonly clause: string }
  | { readonly kind: 'warn'; readonly clause: string }
  | { readonly kind: 'one_release'; readonly clause: string }
  | { readonly kind: 'cell'; readonly setting: string }
  | { readonly kind: 'prove'; readonly proof: readonly string[]; readonly clause: string };

export interface Permit {
  readonly permit: true;
  /** The clauses that it stands on, the first being that of the first field. */
  readonly clauses: readonly string[];
  readonly duties: readonly Duty[];
  readonly basis?: string;
}

export interface Refusal {
  readonly permit: false;
  /** The code of the first finding. */
  readonly code: RefusalCode;
  readonly clauses: readonly string[];
  readonly findings: readonly Finding[];
}

export type Decision = Permit | Refusal;
