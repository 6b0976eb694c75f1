import pg from 'pg';
import { TrothError, errorCode } from '../../platform/errors.ts';
import type { Charter, EpochRow, Home, KeyRow, TokenRow } from '../home.ts';
import type { Credential, Token, Tombstone } from '../keyring.ts';
import { Batch } from './batch.ts';
import { copyToFile } from './copy.ts';
import { SCHEMA, takeSteps } from './tables.ts';

/**
 * The home of a keyring in a PostgreSQL database of its own, for several servers. That database must have no point-in-time
 * recovery and no long-lived dumps: a deleted key stays in its heap until vacuum and in its write-ahead log until that is recycled.
 */
export function openPostgresHome(url: string): Home {
  return new PostgresHome(url);
}

const KEY_COLUMNS = 'person, kind, epoch, wrapped, born_at as "bornAt"';

class PostgresHome implements Home {
  readonly #pool: pg.Pool;
  readonly #births: Batch<KeyRow, boolean>;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 6, application_name: 'troth keyring' });
    // An idle connection that breaks is replaced at the next query, which then tells.
    this.#pool.on('error', () => undefined);
    this.#births = new Batch((rows) => this.#addKeys(rows));
  }

  async charter(): Promise<Charter | undefined> {
    const [there] = await this.#rows<{ table: string | null }>(
      `select to_regclass('${SCHEMA}.charter')::text as table`,
    );
    if (there === undefined || there.table === null) return undefined;
    const [row] = await this.#rows<Charter>(
      `select format, installation, root_check as "rootCheck" from ${SCHEMA}.charter`,
    );
    return row;
  }

  found(charter: Charter, epoch: EpochRow): Promise<boolean> {
    return this.#transaction(async (client) => {
      await takeSteps(client);
      const { rowCount } = await client.query(
        `insert into ${SCHEMA}.charter values (1, $1, $2, $3) on conflict do nothing`,
        [charter.format, charter.installation, charter.rootCheck],
      );
      if (rowCount === 0) return false;
      await client.query(`insert into ${SCHEMA}.epochs values ($1, $2, $3, $4)`, [
        epoch.epoch,
        epoch.wrapped,
        epoch.wrappedIndexKey,
        epoch.madeAt,
      ]);
      return true;
    });
  }

  migrate(): Promise<void> {
    return this.#transaction(takeSteps);
  }

  epochs(): Promise<EpochRow[]> {
    return this.#rows(
      `select epoch, wrapped, wrapped_index_key as "wrappedIndexKey", made_at as "madeAt" from ${SCHEMA}.epochs order by epoch`,
    );
  }

  addKey(row: KeyRow): Promise<boolean> {
    return this.#births.add(row);
  }

  async #addKeys(rows: KeyRow[]): Promise<boolean[]> {
    const put = await this.#rows<{ person: string }>(
      `insert into ${SCHEMA}.keys
       select b.* from unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[], $5::timestamptz[]) as b(person, kind, epoch, wrapped, born_at)
       where not exists (select from ${SCHEMA}.tombstones t where t.person = b.person)
       on conflict do nothing returning person`,
      [
        rows.map((row) => row.person),
        rows.map((row) => row.kind),
        rows.map((row) => row.epoch),
        rows.map((row) => row.wrapped),
        rows.map((row) => row.bornAt),
      ],
    );
    // Of two births with one id in one group the first was written.
    const born = new Set(put.map((row) => row.person));
    return rows.map((row) => born.delete(row.person));
  }

  async key(person: string): Promise<KeyRow | undefined> {
    return (await this.#rows<KeyRow>(`select ${KEY_COLUMNS} from ${SCHEMA}.keys where person = $1`, [person]))[0];
  }

  async erase(person: string, at: Date): Promise<boolean> {
    // One statement, one commit. Indexes, credential and tokens go with the key (on delete cascade).
    const rows = await this.#rows(
      `with gone as (delete from ${SCHEMA}.keys where person = $1 returning 1),
         mark as (insert into ${SCHEMA}.tombstones values ($1, $2) on conflict do nothing)
       select from gone`,
      [person, at],
    );
    return rows.length > 0;
  }

  async isErased(person: string): Promise<boolean> {
    return (await this.#rows(`select from ${SCHEMA}.tombstones where person = $1`, [person])).length > 0;
  }

  tombstones(after: string, limit: number): Promise<Tombstone[]> {
    return this.#rows(`select person, at from ${SCHEMA}.tombstones where person > $1 order by person limit $2`, [
      after,
      limit,
    ]);
  }

  async people(after: string, limit: number): Promise<string[]> {
    const rows = await this.#rows<{ person: string }>(
      `select person from ${SCHEMA}.keys where person > $1 order by person limit $2`,
      [after, limit],
    );
    return rows.map((row) => row.person);
  }

  putIndex(person: string, kind: string, value: Buffer): Promise<'put' | 'taken' | 'unknown'> {
    return this.#transaction(async (client) => {
      // The lock makes an erasure wait, so that nothing is added behind its back.
      const known = await client.query(`select from ${SCHEMA}.keys where person = $1 for key share`, [person]);
      if (known.rowCount === 0) return 'unknown';
      // "do nothing" instead of a violated constraint, whose values the server would write to its log.
      const put = await client.query(`insert into ${SCHEMA}.indexes values ($1, $2, $3) on conflict do nothing`, [
        person,
        kind,
        value,
      ]);
      if (put.rowCount === 1) return 'put';
      const owner = await client.query<{ person: string }>(
        `select person from ${SCHEMA}.indexes where kind = $1 and value = $2`,
        [kind, value],
      );
      if (owner.rows[0] !== undefined) return owner.rows[0].person === person ? 'put' : 'taken';
      await client.query(`delete from ${SCHEMA}.indexes where person = $1 and kind = $2`, [person, kind]);
      const again = await client.query(`insert into ${SCHEMA}.indexes values ($1, $2, $3) on conflict do nothing`, [
        person,
        kind,
        value,
      ]);
      if (again.rowCount === 1) return 'put';
      throw new TrothError(
        'keyring-unavailable',
        'expected to set an index; another caller was setting the same one: try again',
      );
    });
  }

  async findIndex(kind: string, value: Buffer): Promise<string | undefined> {
    return (
      await this.#rows<{ person: string }>(`select person from ${SCHEMA}.indexes where kind = $1 and value = $2`, [
        kind,
        value,
      ])
    )[0]?.person;
  }

  async dropIndex(person: string, kind: string): Promise<void> {
    await this.#rows(`delete from ${SCHEMA}.indexes where person = $1 and kind = $2`, [person, kind]);
  }

  async putCredential(person: string, { kind, hash }: Credential): Promise<boolean> {
    const rows = await this.#rows(
      `insert into ${SCHEMA}.credentials select person, $2, $3 from ${SCHEMA}.keys where person = $1 for key share
       on conflict (person) do update set kind = excluded.kind, hash = excluded.hash returning 1`,
      [person, kind, hash],
    );
    return rows.length > 0;
  }

  async credential(person: string): Promise<Credential | undefined> {
    return (
      await this.#rows<Credential>(`select kind, hash from ${SCHEMA}.credentials where person = $1`, [person])
    )[0];
  }

  async putToken({ purpose, hash, person, expiresAt, sealed }: TokenRow, now: Date): Promise<boolean> {
    const rows = await this.#rows(
      `with swept as (delete from ${SCHEMA}.tokens where expires_at <= $6)
       insert into ${SCHEMA}.tokens select $1, $2, person, $4, $5 from ${SCHEMA}.keys where person = $3 for key share returning 1`,
      [hash, purpose, person, expiresAt, sealed ?? null, now],
    );
    return rows.length > 0;
  }

  peekToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined> {
    return this.#token(
      `select person, sealed from ${SCHEMA}.tokens where hash = $1 and purpose = $2 and expires_at > $3`,
      [hash, purpose, now],
    );
  }

  takeToken(purpose: string, hash: Buffer, now: Date): Promise<Token | undefined> {
    return this.#token(
      `delete from ${SCHEMA}.tokens where hash = $1 and purpose = $2 and expires_at > $3 returning person, sealed`,
      [hash, purpose, now],
    );
  }

  async #token(text: string, values: unknown[]): Promise<Token | undefined> {
    const [row] = await this.#rows<{ person: string; sealed: Buffer | null }>(text, values);
    return row && { person: row.person, sealed: row.sealed ?? undefined };
  }

  async dropTokens(person: string, purpose: string): Promise<void> {
    await this.#rows(`delete from ${SCHEMA}.tokens where person = $1 and purpose = $2`, [person, purpose]);
  }

  backup(file: string): Promise<void> {
    return this.#transaction((client) => copyToFile(client, file), 'begin isolation level repeatable read read only');
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>(text, values)).rows;
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async #transaction<Value>(work: (client: pg.PoolClient) => Promise<Value>, begin = 'begin'): Promise<Value> {
    const client = await this.#pool.connect().catch((cause: unknown) => {
      throw unavailable(cause);
    });
    let broken = true;
    try {
      await client.query(begin);
      const value = await work(client);
      await client.query('commit');
      broken = false;
      return value;
    } catch (cause) {
      throw unavailable(cause);
    } finally {
      // A connection whose transaction failed is closed, which rolls it back.
      client.release(broken);
    }
  }
}

/** The database's code alone: its messages may quote values. */
function unavailable(cause: unknown): TrothError {
  if (cause instanceof TrothError) return cause;
  return new TrothError(
    'keyring-unavailable',
    `expected the keyring's database to answer; that failed (${errorCode(cause)})`,
    {
      hint: 'does KEYRING_DATABASE_URL name a database that is up and that this user may make a schema in?',
      cause,
    },
  );
}
