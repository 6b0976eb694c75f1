import type { PersonKey } from './person-key.ts';

/**
 * Unwrapped keys for a few seconds. An erasure by another process is heard of through `forget`; until it is heard, a key lives
 * here for `ttl` at most. While `deaf`, nothing is kept and nothing is given out.
 */
export class KeyCache {
  readonly #held = new Map<string, { key: PersonKey; until: number }>();
  readonly #ttl: number;
  readonly #most: number;
  #deaf = false;
  /** Grows with each forgetting, so that a key that was being read meanwhile is not kept. */
  #forgotten = 0;

  /** @param ttl milliseconds  @param most how many keys are held at most */
  constructor(ttl: number, most: number) {
    this.#ttl = ttl;
    this.#most = most;
  }

  get(person: string, now: number): PersonKey | undefined {
    const found = this.#held.get(person);
    if (found === undefined) return undefined;
    if (found.until > now) return found.key;
    this.#held.delete(person);
    return undefined;
  }

  /** Reads a key through `read` and keeps it, unless something was forgotten since the reading began. */
  async fill(now: number, read: () => Promise<PersonKey | undefined>): Promise<PersonKey | undefined> {
    const before = this.#forgotten;
    const key = await read();
    if (key !== undefined && before === this.#forgotten) this.put(key, now);
    return key;
  }

  put(key: PersonKey, now: number): void {
    if (this.#deaf) return;
    this.#held.delete(key.person);
    this.#held.set(key.person, { key, until: now + this.#ttl });
    // A Map is in the order of insertion: the first is the oldest.
    if (this.#held.size > this.#most) for (const person of this.#held.keys()) return void this.#held.delete(person);
  }

  forget(person: string): void {
    this.#forgotten += 1;
    this.#held.delete(person);
  }

  distrust(deaf: boolean): void {
    this.#deaf = deaf;
    this.#forgotten += 1;
    this.#held.clear();
  }
}
