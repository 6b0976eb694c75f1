import type { Credential, PersonKind, Token, Tombstone } from './keyring.ts';

/** What a keyring was founded with. */
export interface Charter {
  /** The form of the keyring's tables' contents; 1. */
  format: number;
  installation: string;
  /** By which the root key is known again. */
  rootCheck: Buffer;
}

/** One epoch: the key that wraps person keys, and under it the key of the blind indexes. */
export interface EpochRow {
  epoch: number;
  /** Under the root key. */
  wrapped: Buffer;
  /** Under the epoch key. */
  wrappedIndexKey: Buffer;
  madeAt: Date;
}

/** One person's key, wrapped. */
export interface KeyRow {
  person: string;
  kind: PersonKind;
  epoch: number;
  wrapped: Buffer;
  bornAt: Date;
}

/**
 * Where a keyring lives: rows, durability and one-commit effects; no cryptography. Two homes exist, an SQLite file and a
 * PostgreSQL database, and one suite of tests holds both. What a method promises is durable when its promise resolves.
 */
export interface Home {
  /** The charter, or undefined where no keyring was founded yet. Writes nothing. */
  charter(): Promise<Charter | undefined>;
  /** Makes the tables and the first epoch. @returns false where somebody else founded it meanwhile; theirs holds */
  found(charter: Charter, epoch: EpochRow): Promise<boolean>;
  /** Brings the tables of a founded keyring up to date. */
  migrate(): Promise<void>;
  epochs(): Promise<EpochRow[]>;

  /** Births from many callers are grouped into one commit. @returns false where the id has a key or a tombstone */
  addKey(row: KeyRow): Promise<boolean>;
  key(person: string): Promise<KeyRow | undefined>;
  erase(person: string, at: Date): Promise<boolean>;
  isErased(person: string): Promise<boolean>;
  /** At most `limit` tombstones with ids after `after`, in order. */
  tombstones(after: string, limit: number): Promise<Tombstone[]>;
  people(after: string, limit: number): Promise<string[]>;

  putIndex(person: string, kind: string, value: Buffer): Promise<'put' | 'taken' | 'unknown'>;
  findIndex(kind: string, value: Buffer): Promise<string | undefined>;
  dropIndex(person: string, kind: string): Promise<void>;
  putCredential(person: string, credential: Credential): Promise<boolean>;
  credential(person: string): Promise<Credential | undefined>;
  /** Sweeps what expired before `now` in the same commit. */
  putToken(token: TokenRow, now: Date): Promise<boolean>;
  peekToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined>;
  takeToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined>;
  dropTokens(person: string, purpose: string): Promise<void>;

  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface TokenRow extends Token {
  purpose: string;
  hash: Buffer;
  expiresAt: Date;
}

/** The first id that pages start after. */
export const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
