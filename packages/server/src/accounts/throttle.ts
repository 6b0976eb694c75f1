import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';

const REMEMBERED = 50_000;

interface Tries {
  failed: number;
  next: number;
}

/**
 * Slows guessing at one identifier, known or not. Kept in memory under a digest: what was typed is not kept.
 * The correct password from the member waits too while a guesser is at work, for the length of the pause.
 */
export class Throttle {
  readonly #tries = new Map<string, Tries>();
  readonly #clock: Clock;
  readonly #rule: () => { tries: number; pauseMs: number };

  /** @param rule how many wrong tries in a row are free, and how long the pause after them is */
  constructor(clock: Clock, rule: () => { tries: number; pauseMs: number }) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** Seconds to wait before the next try; 0 when free. */
  wait(identifier: string): number {
    const tries = this.#tries.get(keyOf(identifier));
    const left = (tries?.next ?? 0) - this.#clock.now().getTime();
    return left > 0 ? Math.ceil(left / 1000) : 0;
  }

  failed(identifier: string): void {
    const key = keyOf(identifier);
    const failed = (this.#tries.get(key)?.failed ?? 0) + 1;
    const { tries, pauseMs } = this.#rule();
    const wait = failed % tries === 0 ? pauseMs : 0;
    this.#tries.delete(key);
    this.#tries.set(key, { failed, next: this.#clock.now().getTime() + wait });
    if (this.#tries.size > REMEMBERED) this.#tries.delete(this.#tries.keys().next().value!);
  }

  succeeded(identifier: string): void {
    this.#tries.delete(keyOf(identifier));
  }
}

function keyOf(identifier: string): string {
  return createHash('sha256').update(identifier.trim().normalize('NFKC').toLowerCase()).digest('base64');
}
