import type { PersonKey } from './person-key.ts';

/** What a person is to the house. */
export type PersonKind = 'member' | 'correspondent' | 'staff';

/** How a person signs in: the kind of account and the stored hash of the password. */
export interface Credential {
  kind: 'member' | 'staff';
  /** As `hashPassword` made it. */
  hash: string;
}

/** A one-time link that waits to be used. */
export interface Token {
  person: string;
  /** What the link carries along, sealed by the gate; at most 4096 bytes. The keyring does not look inside. */
  sealed: Buffer | undefined;
}

/** The mark that an erased person leaves: a random id and a time. */
export interface Tombstone {
  person: string;
  at: Date;
}

/**
 * The keyring: everything that opens or links personal data, apart from the records, small, and in no long-lived backup.
 * Whatever is promised here is durable when the promise resolves. All methods may throw TrothError `keyring-unavailable`.
 */
export interface Keyring {
  /** The installation's id, drawn when the keyring was founded; part of every seal. */
  readonly installation: string;
  /** Whether this opening founded the keyring. Records that hold people beside a fresh keyring mean that the keyring was lost. */
  readonly fresh: boolean;

  /**
   * Makes the key of a new person; it is on the disk before anything can be sealed under it.
   * @throws TrothError `person-known` where the id has or had a key
   */
  birth(person: string, kind: PersonKind): Promise<PersonKey>;
  /** A person's key, from a cache of seconds; undefined for the erased and the unknown. */
  key(person: string): Promise<PersonKey | undefined>;
  /** Drops a person's key from the cache: their erasure was heard of. */
  forget(person: string): void;
  /** While true, no cache is believed: every key is read from the keyring. For the time in which erasures cannot be heard of. */
  distrust(deaf: boolean): void;
  /**
   * Erases a person, in one commit: wrapped key, indexes, credential and one-time links go, a tombstone stays. May be repeated;
   * the first tombstone's time holds.
   * @returns whether there was a key
   */
  erase(person: string, at: Date): Promise<boolean>;
  isErased(person: string): Promise<boolean>;
  /** All tombstones, in the order of ids. */
  tombstones(): AsyncIterable<Tombstone>;
  /** The ids of all who have a key, in order. */
  people(): AsyncIterable<string>;

  /**
   * Sets the one blind index of a kind that a person has; an older one of that kind is replaced.
   * @returns `taken` where another person has the same value; nothing changed then
   * @throws TrothError `person-unknown`
   */
  putIndex(person: string, kind: string, value: string): Promise<'put' | 'taken'>;
  /** Who has this value? */
  findIndex(kind: string, value: string): Promise<string | undefined>;
  dropIndex(person: string, kind: string): Promise<void>;

  /** Sets how a person signs in; replaces what was. @throws TrothError `person-unknown` */
  putCredential(person: string, credential: Credential): Promise<void>;
  credential(person: string): Promise<Credential | undefined>;

  /**
   * Stores a one-time link by the hash of its token, for one purpose, until a time. Expired links are swept along.
   * @throws TrothError `person-unknown`, `token-too-large`
   */
  putToken(purpose: string, hash: Buffer, person: string, expiresAt: Date, sealed?: Buffer): Promise<void>;
  /** Looks at a link without using it up, as a page does before its button is pressed. */
  peekToken(purpose: string, hash: Buffer): Promise<Token | undefined>;
  /** Uses a link up: of many callers one gets it. Undefined for a link that is unknown, used, expired, or of another purpose. */
  takeToken(purpose: string, hash: Buffer): Promise<Token | undefined>;
  /** Makes a person's other links of a purpose void, as after a new password. */
  dropTokens(person: string, purpose: string): Promise<void>;

  /** Whether root key, epochs and index key fit each other. @throws TrothError `root-key-foreign`, `key-unwrap-failed` */
  check(): Promise<void>;
  /**
   * Writes a short-lived copy of the keyring to a new file, 0600. See docs/operating/keys-and-backups.md for what such a copy can
   * still open, and how long it may live. @throws TrothError `backup-file-exists`
   */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
