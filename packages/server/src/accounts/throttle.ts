import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';

const REMEMBERED = 50_000;

interface Tries {
  failed: number;
  next: number;
}

/**
 * Slows guessing at one identifier, known or not; the caller brings each identifier in one spelling. Kept in memory under a digest: what was typed is not kept.
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

  /**
   * Begins a try: it counts as failed until it has succeeded, so that many tries at once are no way around the pause.
   * @returns seconds to wait before the next try; 0 when free
   */
  begin(identifier: string): number {
    const key = keyOf(identifier);
    const now = this.#clock.now().getTime();
    const { failed, next } = this.#tries.get(key) ?? { failed: 0, next: 0 };
    if (next > now) return Math.ceil((next - now) / 1000);
    const { tries, pauseMs } = this.#rule();
    this.#tries.delete(key);
    this.#tries.set(key, { failed: failed + 1, next: (failed + 1) % tries === 0 ? now + pauseMs : 0 });
    if (this.#tries.size > REMEMBERED) this.#tries.delete(this.#tries.keys().next().value!);
    return 0;
  }

  /** Takes a try back that came to no answer, right or wrong. */
  unanswered(identifier: string): void {
    const key = keyOf(identifier);
    const tries = this.#tries.get(key);
    if (tries !== undefined) this.#tries.set(key, { failed: Math.max(0, tries.failed - 1), next: 0 });
  }

  succeeded(identifier: string): void {
    this.#tries.delete(keyOf(identifier));
  }
}

function keyOf(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64');
}
