interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** At most so many items share one statement. */
const MOST = 500;

/**
 * Groups items that come from many callers into one statement: the first starts one at the end of this turn of the event loop,
 * and all that come while it is under way go into the next.
 */
export class Batch<Item, Answer> {
  readonly #write: (items: Item[]) => Promise<Answer[]>;
  #waiting: Waiting<Item, Answer>[] = [];
  #busy = false;

  /** @param write answers in the order of its items */
  constructor(write: (items: Item[]) => Promise<Answer[]>) {
    this.#write = write;
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, MOST);
      this.#waiting = this.#waiting.slice(MOST);
      try {
        const answers = await this.#write(group.map(({ item }) => item));
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#busy = false;
  }
}
