import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Charter, EpochRow, Home, KeyRow, TokenRow } from '../home.ts';
import type { Credential, PersonKind, Token, Tombstone } from '../keyring.ts';
import { copyInto, openFile, unavailable } from './file.ts';
import { CommitGroup } from './group.ts';
import { takeSteps } from './tables.ts';

type Row = Record<string, SQLOutputValue>;
type Value = string | number | Buffer | null;

/** The home of a keyring in one SQLite file, for one machine. Several processes may work on it. */
export function openSqliteHome(file: string): Home {
  return new SqliteHome(file);
}

class SqliteHome implements Home {
  readonly #file: string;
  readonly #statements = new Map<string, StatementSync>();
  #opened: { database: DatabaseSync; group: CommitGroup } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async charter(): Promise<Charter | undefined> {
    // Looking makes no file.
    if (this.#opened === undefined && !existsSync(this.#file)) return undefined;
    if (this.#one(`select 1 from sqlite_schema where name = 'charter'`) === undefined) return undefined;
    const row = this.#one('select format, installation, root_check from charter');
    return (
      row && { format: Number(row.format), installation: String(row.installation), rootCheck: bytes(row.root_check) }
    );
  }

  found(charter: Charter, { epoch, wrapped, wrappedIndexKey, madeAt }: EpochRow): Promise<boolean> {
    return this.#write(() => {
      takeSteps(this.#open().database);
      const { format, installation, rootCheck } = charter;
      if (!this.#run('insert or ignore into charter values (1, ?, ?, ?)', format, installation, rootCheck))
        return false;
      return this.#run('insert into epochs values (?, ?, ?, ?)', epoch, wrapped, wrappedIndexKey, madeAt.getTime());
    });
  }

  migrate(): Promise<void> {
    return this.#write(() => takeSteps(this.#open().database));
  }

  async epochs(): Promise<EpochRow[]> {
    return this.#all('select * from epochs order by epoch').map((row) => ({
      epoch: Number(row.epoch),
      wrapped: bytes(row.wrapped),
      wrappedIndexKey: bytes(row.wrapped_index_key),
      madeAt: new Date(Number(row.made_at)),
    }));
  }

  addKey({ person, kind, epoch, wrapped, bornAt }: KeyRow): Promise<boolean> {
    return this.#write(() =>
      this.#run(
        `insert into keys select ?1, ?2, ?3, ?4, ?5 where not exists (select 1 from tombstones where person = ?1)
         on conflict do nothing`,
        person,
        kind,
        epoch,
        wrapped,
        bornAt.getTime(),
      ),
    );
  }

  async key(person: string): Promise<KeyRow | undefined> {
    const row = this.#one('select * from keys where person = ?', person);
    return (
      row && {
        person,
        kind: String(row.kind) as PersonKind,
        epoch: Number(row.epoch),
        wrapped: bytes(row.wrapped),
        bornAt: new Date(Number(row.born_at)),
      }
    );
  }

  erase(person: string, at: Date): Promise<boolean> {
    return this.#write(() => {
      // Indexes, credential and tokens go with the key (on delete cascade).
      const had = this.#run('delete from keys where person = ?', person);
      this.#run('insert into tombstones values (?, ?) on conflict do nothing', person, at.getTime());
      return had;
    });
  }

  async isErased(person: string): Promise<boolean> {
    return this.#one('select 1 from tombstones where person = ?', person) !== undefined;
  }

  async tombstones(after: string, limit: number): Promise<Tombstone[]> {
    return this.#all('select person, at from tombstones where person > ? order by person limit ?', after, limit).map(
      (row) => ({
        person: String(row.person),
        at: new Date(Number(row.at)),
      }),
    );
  }

  async people(after: string, limit: number): Promise<string[]> {
    return this.#all('select person from keys where person > ? order by person limit ?', after, limit).map((row) =>
      String(row.person),
    );
  }

  putIndex(person: string, kind: string, value: Buffer): Promise<'put' | 'taken' | 'unknown'> {
    return this.#write(() => {
      if (!this.#knows(person)) return 'unknown';
      const owner = this.#one('select person from indexes where kind = ? and value = ?', kind, value);
      if (owner !== undefined) return owner.person === person ? 'put' : 'taken';
      this.#run('insert or replace into indexes values (?, ?, ?)', person, kind, value);
      return 'put';
    });
  }

  async findIndex(kind: string, value: Buffer): Promise<string | undefined> {
    const row = this.#one('select person from indexes where kind = ? and value = ?', kind, value);
    return row && String(row.person);
  }

  async dropIndex(person: string, kind: string): Promise<void> {
    await this.#write(() => this.#run('delete from indexes where person = ? and kind = ?', person, kind));
  }

  putCredential(person: string, { kind, hash }: Credential): Promise<boolean> {
    return this.#write(
      () => this.#knows(person) && this.#run('insert or replace into credentials values (?, ?, ?)', person, kind, hash),
    );
  }

  async credential(person: string): Promise<Credential | undefined> {
    const row = this.#one('select kind, hash from credentials where person = ?', person);
    return row && { kind: String(row.kind) as Credential['kind'], hash: String(row.hash) };
  }

  putToken({ purpose, hash, person, expiresAt, sealed }: TokenRow, now: Date): Promise<boolean> {
    return this.#write(() => {
      this.#run('delete from tokens where expires_at <= ?', now.getTime());
      if (!this.#knows(person)) return false;
      return this.#run(
        'insert into tokens values (?, ?, ?, ?, ?)',
        hash,
        purpose,
        person,
        expiresAt.getTime(),
        sealed ?? null,
      );
    });
  }

  async peekToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined> {
    return asToken(
      this.#one(
        'select person, sealed from tokens where hash = ? and purpose = ? and expires_at > ?',
        hash,
        purpose,
        now.getTime(),
      ),
    );
  }

  takeToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined> {
    return this.#write(() =>
      asToken(
        this.#one(
          'delete from tokens where hash = ? and purpose = ? and expires_at > ? returning person, sealed',
          hash,
          purpose,
          now.getTime(),
        ),
      ),
    );
  }

  async dropTokens(person: string, purpose: string): Promise<void> {
    await this.#write(() => this.#run('delete from tokens where person = ? and purpose = ?', person, purpose));
  }

  async backup(file: string): Promise<void> {
    copyInto(this.#open().database, file);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    // A write that waits for its group is answered first.
    await opened.group.write(() => undefined).catch(() => undefined);
    this.#statements.clear();
    if (opened.database.isOpen) opened.database.close();
  }

  #open(): { database: DatabaseSync; group: CommitGroup } {
    if (this.#opened === undefined) {
      const database = openFile(this.#file);
      this.#opened = { database, group: new CommitGroup(database) };
    }
    return this.#opened;
  }

  #knows(person: string): boolean {
    return this.#one('select 1 from keys where person = ?', person) !== undefined;
  }

  async #write<T>(job: () => T): Promise<T> {
    try {
      return await this.#open().group.write(job);
    } catch (cause) {
      throw unavailable(cause, this.#file);
    }
  }

  /** @returns whether a row was written */
  #run(sql: string, ...values: Value[]): boolean {
    return Number(this.#prepared(sql).run(...values).changes) > 0;
  }

  #one(sql: string, ...values: Value[]): Row | undefined {
    try {
      return this.#prepared(sql).get(...values);
    } catch (cause) {
      throw unavailable(cause, this.#file);
    }
  }

  #all(sql: string, ...values: Value[]): Row[] {
    try {
      return this.#prepared(sql).all(...values);
    } catch (cause) {
      throw unavailable(cause, this.#file);
    }
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#open().database.prepare(sql)));
    return statement;
  }
}

function asToken(row: Row | undefined): Token | undefined {
  return row && { person: String(row.person), sealed: row.sealed === null ? undefined : bytes(row.sealed) };
}

function bytes(value: SQLOutputValue | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('expected bytes in the keyring');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
