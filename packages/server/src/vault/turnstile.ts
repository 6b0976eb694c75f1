import { TrothError } from '../platform/errors.ts';

/** Lets few pieces of heavy work run at once, and few wait. */
export class Turnstile {
  readonly #atOnce: number;
  readonly #waitingMost: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waitingMost: number) {
    this.#atOnce = atOnce;
    this.#waitingMost = waitingMost;
  }

  /** @throws TrothError `too-busy` where too many wait already */
  async pass<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      // The place goes to the next who waits, if there is one.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#waitingMost) {
      throw new TrothError(
        'too-busy',
        `expected fewer than ${this.#waitingMost} callers waiting for their turn; there are more`,
        {
          hint: 'try again shortly',
        },
      );
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
