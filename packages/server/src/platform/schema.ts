import type { Generated } from 'kysely';

/**
 * The records database, one interface a table, as kysely sees it. Every table of a person's rows has the person's id first
 * in its key, so that persons can later be spread over several databases. Personal values stand only in columns named
 * `envelope`, `sealed`: AES-256-GCM under the person's own key.
 *
 * Columns that enter a row digest (see `ledger/digest.ts`) are always bound from the program, never defaulted by the database.
 */
export interface Database {
  people: People;
  records: Records;
  consents: Consents;
  cases: Cases;
  mails: Mails;
  sessions: Sessions;
  policy_versions: PolicyVersions;
  refusal_counts: RefusalCounts;
  ledger_entries: LedgerEntries;
  ledger_openings: LedgerOpenings;
  ledger_tiles: LedgerTiles;
  ledger_checkpoints: LedgerCheckpoints;
}

/** A person as the records know them: a random id, nothing else. Who it is, only the keyring can tell. */
export interface People {
  person_id: string;
  kind: 'member' | 'correspondent' | 'staff';
  /** Grows with each answer to a consent or objection; a permit made under an older epoch is dead. */
  consent_epoch: number;
  born_at: Date;
  erased_at: Date | null;
  /** The entry of the birth, or of the erasure. */
  entry_id: string | null;
}

/** One value of one field of one person, sealed. */
export interface Records {
  person_id: string;
  record_id: string;
  /** The service (policy term) at which the value was given. */
  service: string;
  field: string;
  /** The case (concern, question) that the value belongs to, if any. */
  case_id: string | null;
  /** 1 at first, one more with each correction. */
  version: number;
  /** The clause on which it was collected. */
  clause: string;
  purposes: string[];
  /** SHA-256 of the policy text in force at collection. */
  policy: Buffer;
  collected_at: Date;
  envelope: Buffer;
  entry_id: string;
}

/** What a person was asked and what they answered. Append-only: a withdrawal is a new row. */
export interface Consents {
  person_id: string;
  consent_id: string;
  kind: 'consent' | 'objection' | 'acknowledgement';
  /** The purpose, or for an acknowledgement the clause's own id. */
  about: string;
  recipients: string[];
  clause: string;
  policy: Buffer;
  policy_version: string;
  words: string;
  language: string;
  answer: 'given' | 'refused' | 'withdrawn';
  at: Date;
  by: 'person' | 'staff' | 'function';
  /** 16 random bytes: without them the row's digest cannot be guessed from outside. */
  salt: Buffer;
  entry_id: string;
}

/** A question or concern on its way: state only, its words are records. */
export interface Cases {
  person_id: string;
  case_id: string;
  service: string;
  channel: 'web' | 'post' | 'mail';
  mailbox: string;
  state: 'received' | 'in_work' | 'answered' | 'closed';
  opened_at: Date;
  changed_at: Date;
}

/** A mail to be sent: the address is read through the gate at the moment of sending. */
export interface Mails {
  person_id: string;
  mail_id: string;
  template: string;
  queued_at: Date;
  sent_at: Date | null;
  attempts: number;
  next_at: Date;
}

export interface Sessions {
  person_id: string;
  token_hash: Buffer;
  kind: 'member' | 'staff';
  created_at: Date;
  expires_at: Date;
}

export interface PolicyVersions {
  policy_id: string;
  version: string;
  hash: Buffer;
  source: string;
  published_at: Date;
  entry_id: string;
}

/** Refusals of nobody in particular, counted here and written to the ledger in sums, so that no one can flood it. */
export interface RefusalCounts {
  id: Generated<string>;
  action: string;
  service: string;
  code: string;
  clauses: string[];
  data: string[];
  at: Date;
}

export interface LedgerEntries {
  id: Generated<string>;
  idx: string | null;
  body: Buffer;
  /** The mark of the house, by which the sequencer knows what it may sign. */
  seal: Buffer | null;
}

/** The salt of an entry's subject commitment, sealed under the subject's key: gone when the person is. */
export interface LedgerOpenings {
  person_id: string;
  entry_id: string;
  sealed: Buffer;
}

export interface LedgerTiles {
  level: number;
  n: string;
  data: Buffer;
}

export interface LedgerCheckpoints {
  size: string;
  root: Buffer;
  note: string;
  at: Date;
}
