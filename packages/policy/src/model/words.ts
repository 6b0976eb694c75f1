// The closed word lists of the rules. Each list is both the type and what the parser accepts.

export const SOURCES = ['person', 'device', 'third_party', 'public', 'inference'] as const;
export type Source = (typeof SOURCES)[number];

export const BASES = [
  'contract',
  'consent',
  'legal_obligation',
  'legitimate_interest',
  'vital_interest',
  'public_task',
  'not_stated',
] as const;
export type Basis = (typeof BASES)[number];

export const ACTORS = ['person', 'staff', 'function', 'public', 'recipient'] as const;
export type ActorKind = (typeof ACTORS)[number];

export const NEEDS = ['reason', 'reference', 'officer', 'necessity'] as const;
export type Need = (typeof NEEDS)[number];

export const ACTIONS = ['collect', 'use', 'share', 'disclose', 'publish', 'count', 'link', 'view', 'correct'] as const;
export type Action = (typeof ACTIONS)[number];

/** What `forbid` may name. `all` (or no list) means each of the others; a person's own rights are not among them. */
export const FORBIDDABLE = ['collect', 'use', 'share', 'disclose', 'publish', 'link', 'count', 'all'] as const;
export type Forbiddable = (typeof FORBIDDABLE)[number];

export const RIGHTS = [
  'access',
  'correction',
  'erasure',
  'restriction',
  'objection',
  'portability',
  'withdrawal',
] as const;
export type Right = (typeof RIGHTS)[number];

export const PROOFS = ['password', 'reference', 'email_code'] as const;
export type Proof = (typeof PROOFS)[number];

export const PROTECTIONS = [
  'sealed',
  'hashed',
  'access_logged',
  'tls',
  'password',
  'private',
  'authorised_only',
  'throttled',
] as const;
export type Protection = (typeof PROTECTIONS)[number];

export const TELLINGS = ['caveat', 'advice', 'notice', 'treatment'] as const;
export type Telling = (typeof TELLINGS)[number];

/** Places where `tell` may speak, besides the id of a service. */
export const PLACES = ['every_page', 'personal_forms', 'password_fields'] as const;
export type Place = (typeof PLACES)[number];

export const STATEMENTS = ['definition', 'scope', 'belief', 'role'] as const;
export type Statement = (typeof STATEMENTS)[number];

export const CHANNELS = ['web', 'post', 'mail'] as const;
export type Channel = (typeof CHANNELS)[number];
