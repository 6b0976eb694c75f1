import { createHash } from 'node:crypto';

/**
 * The form of a backup, `troth-backup/1`: gzip over lines of UTF-8, each ended by a line feed.
 *
 *     {"format":"troth-backup/1", ...}          the manifest
 *     {"table":"people"}                        the rows of this table follow
 *     ["0190...", "member", "0", ...]           a row: each column as PostgreSQL writes it as text (UTC, bytea in hex), or null
 *     ...
 *     {"rows":12345,"sha256":"..."}             the last line: how many rows, and the SHA-256 of all lines before it
 *
 * `gunzip -c FILE | head -1` shows what a backup is. It holds the records alone, all personal values sealed; the keyring and the
 * secrets that could open them are never in it.
 */
export const FORMAT = 'troth-backup/1';

/** What a backup says of itself. */
export interface Manifest {
  format: typeof FORMAT;
  /** ISO 8601, UTC. */
  madeAt: string;
  /** The version of Troth that made it. */
  troth: string;
  /** The major version of PostgreSQL. */
  postgres: number;
  /** Of the keyring that the values are sealed for. */
  installation: string;
  /** The migrations that the tables had gone through. */
  migrations: string[];
  /** Published policies, with the SHA-256 of their text in hex. */
  policies: { id: string; version: string; hash: string }[];
  /** The last signed checkpoint of the ledger, if there was one. */
  checkpoint: { size: string; note: string } | null;
  tables: TableShape[];
  /** Tables that were left out on purpose. */
  leftOut: string[];
}

export interface TableShape {
  name: string;
  columns: string[];
  /** The column that counts by itself, and how far it had counted. */
  identity: { column: string; last: string } | null;
}

/** A row as it stands in the file. */
export type TextRow = (string | null)[];

/** Never in a backup: a session that was ended must not come back. */
export const LEFT_OUT = ['sessions'];

/** Counts rows and hashes lines on their way into or out of a backup. */
export class Seal {
  readonly #hash = createHash('sha256');
  rows = 0;

  line(text: string): string {
    this.#hash.update(text).update('\n');
    return text;
  }

  last(): { rows: number; sha256: string } {
    return { rows: this.rows, sha256: this.#hash.digest('hex') };
  }
}
