import type { KeyObject } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { blindIndex } from './blind.ts';
import { KeyCache } from './cache.ts';
import { unlock, type Unlocked } from './charter.ts';
import { newSecret, unwrap, wrap } from './epoch.ts';
import { BEFORE_ALL, type Charter, type Home, type KeyRow } from './home.ts';
import type { Credential, Keyring, PersonKind, Token, Tombstone } from './keyring.ts';
import { PersonKey } from './person-key.ts';

export interface CustodyOptions {
  clock?: Clock;
  /** How long an unwrapped key is kept, in milliseconds. */
  cacheMs?: number;
  /** How many unwrapped keys are kept. */
  cacheSize?: number;
  /** How many rows a page of a walk over all people has. */
  page?: number;
}

const CACHE_MS = 3_000;
const CACHE_SIZE = 10_000;
const PAGE = 1_000;
const SEALED_MAX = 4_096;

/** The keyring over a home: wraps and unwraps, blinds, caches; the home keeps the rows. */
export class Custody implements Keyring {
  readonly installation: string;
  readonly fresh: boolean;
  readonly #home: Home;
  readonly #root: KeyObject;
  readonly #clock: Clock;
  readonly #cache: KeyCache;
  readonly #page: number;
  #unlocked: Unlocked;

  constructor(
    home: Home,
    root: KeyObject,
    charter: Charter,
    unlocked: Unlocked,
    fresh: boolean,
    options: CustodyOptions = {},
  ) {
    this.installation = charter.installation;
    this.fresh = fresh;
    this.#home = home;
    this.#root = root;
    this.#unlocked = unlocked;
    this.#clock = options.clock ?? systemClock;
    this.#cache = new KeyCache(options.cacheMs ?? CACHE_MS, options.cacheSize ?? CACHE_SIZE);
    this.#page = options.page ?? PAGE;
  }

  async birth(person: string, kind: PersonKind): Promise<PersonKey> {
    const secret = newSecret();
    const { epoch } = this.#unlocked;
    const wrapped = wrap(
      this.#epochKey(epoch),
      { installation: this.installation, kind: 'person', epoch, person },
      secret,
    );
    const bornAt = this.#clock.now();
    const key = new PersonKey(person, epoch, secret);
    // The fill keeps the key only if no erasure was heard of while it was written.
    const made = await this.#cache.fill(bornAt.getTime(), async () =>
      (await this.#home.addKey({ person, kind, epoch, wrapped, bornAt })) ? key : undefined,
    );
    if (made === undefined) {
      throw new TrothError(
        'person-known',
        'expected an id that was never used; came that of a person who is or was known',
      );
    }
    return made;
  }

  async key(person: string): Promise<PersonKey | undefined> {
    const now = this.#clock.now().getTime();
    return this.#cache.get(person, now) ?? (await this.#cache.fill(now, () => this.#read(person)));
  }

  async #read(person: string): Promise<PersonKey | undefined> {
    const row = await this.#home.key(person);
    if (row === undefined) return undefined;
    // An epoch that is not known here was begun by another process since this keyring was opened.
    if (!this.#unlocked.epochKeys.has(row.epoch)) await this.check();
    return new PersonKey(person, row.epoch, this.#unwrap(row));
  }

  #unwrap(row: KeyRow): KeyObject {
    const { person, epoch } = row;
    return unwrap(
      this.#epochKey(epoch),
      { installation: this.installation, kind: 'person', epoch, person },
      row.wrapped,
    );
  }

  #epochKey(epoch: number): KeyObject {
    const key = this.#unlocked.epochKeys.get(epoch);
    if (key === undefined)
      throw new TrothError('epoch-unknown', `expected a key under an epoch of this keyring; came epoch ${epoch}`);
    return key;
  }

  forget(person: string): void {
    this.#cache.forget(person);
  }

  distrust(deaf: boolean): void {
    this.#cache.distrust(deaf);
  }

  async erase(person: string, at: Date): Promise<boolean> {
    this.#cache.forget(person);
    const had = await this.#home.erase(person, at);
    // Once more: a reading that began before the commit may have come in meanwhile.
    this.#cache.forget(person);
    return had;
  }

  isErased(person: string): Promise<boolean> {
    return this.#home.isErased(person);
  }

  tombstones(): AsyncIterable<Tombstone> {
    return this.#walk(
      (after, limit) => this.#home.tombstones(after, limit),
      (row) => row.person,
    );
  }

  people(): AsyncIterable<string> {
    return this.#walk(
      (after, limit) => this.#home.people(after, limit),
      (person) => person,
    );
  }

  async *#walk<Row>(
    read: (after: string, limit: number) => Promise<Row[]>,
    id: (row: Row) => string,
  ): AsyncIterable<Row> {
    for (let after = BEFORE_ALL; ;) {
      const rows = await read(after, this.#page);
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < this.#page) return;
      after = id(last);
    }
  }

  async putIndex(person: string, kind: string, value: string): Promise<'put' | 'taken'> {
    const answer = await this.#home.putIndex(person, kind, this.#blind(kind, value));
    if (answer === 'unknown') throw unknownPerson();
    return answer;
  }

  findIndex(kind: string, value: string): Promise<string | undefined> {
    return this.#home.findIndex(kind, this.#blind(kind, value));
  }

  dropIndex(person: string, kind: string): Promise<void> {
    return this.#home.dropIndex(person, kind);
  }

  #blind(kind: string, value: string): Buffer {
    return blindIndex(this.#unlocked.indexKey, kind, value);
  }

  async putCredential(person: string, credential: Credential): Promise<void> {
    if (!(await this.#home.putCredential(person, credential))) throw unknownPerson();
  }

  credential(person: string): Promise<Credential | undefined> {
    return this.#home.credential(person);
  }

  async putToken(purpose: string, hash: Buffer, person: string, expiresAt: Date, sealed?: Buffer): Promise<void> {
    if (sealed !== undefined && sealed.length > SEALED_MAX) {
      throw new TrothError(
        'token-too-large',
        `expected a link to carry at most ${SEALED_MAX} bytes; came ${sealed.length}`,
      );
    }
    const put = await this.#home.putToken({ purpose, hash, person, expiresAt, sealed }, this.#clock.now());
    if (!put) throw unknownPerson();
  }

  peekToken(purpose: string, hash: Buffer): Promise<Token | undefined> {
    return this.#home.peekToken(purpose, hash, this.#clock.now());
  }

  takeToken(purpose: string, hash: Buffer): Promise<Token | undefined> {
    return this.#home.takeToken(purpose, hash, this.#clock.now());
  }

  dropTokens(person: string, purpose: string): Promise<void> {
    return this.#home.dropTokens(person, purpose);
  }

  async check(): Promise<void> {
    const charter = await this.#home.charter();
    if (charter === undefined || charter.installation !== this.installation) {
      throw new TrothError(
        'keyring-replaced',
        'expected the keyring that was opened at the start; another lies in its place',
        {
          hint: 'stop Troth before a keyring is put back, and start it again afterwards',
        },
      );
    }
    this.#unlocked = unlock(charter, await this.#home.epochs(), this.#root);
  }

  backup(file: string): Promise<void> {
    return this.#home.backup(file);
  }

  async close(): Promise<void> {
    this.#cache.distrust(true);
    await this.#home.close();
  }
}

function unknownPerson(): TrothError {
  return new TrothError('person-unknown', 'expected a person who has a key; came one who is erased or was never born');
}
