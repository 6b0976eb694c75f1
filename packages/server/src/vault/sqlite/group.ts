import type { DatabaseSync } from 'node:sqlite';

interface Job {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** At most so many writes share one commit, so that none waits long. */
const MOST = 500;

/**
 * Groups the writes of one turn of the event loop into one commit: a commit waits for the disk (about 2 ms), a write does not.
 * Each write stands in a savepoint of its own: one that fails takes no other with it. A write is answered only after the commit.
 */
export class CommitGroup {
  readonly #database: DatabaseSync;
  #jobs: Job[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  write<Value>(run: () => Value): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (this.#jobs.push({ run, resolve, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const jobs = this.#jobs.slice(0, MOST);
    this.#jobs = this.#jobs.slice(MOST);
    if (this.#jobs.length > 0) setImmediate(() => this.#commit());
    const done: (() => void)[] = [];
    try {
      this.#database.exec('begin immediate');
      for (const job of jobs) done.push(this.#one(job));
      this.#database.exec('commit');
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('rollback');
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const answer of done) answer();
  }

  #one(job: Job): () => void {
    this.#database.exec('savepoint one');
    try {
      const value = job.run() as never;
      this.#database.exec('release one');
      return () => job.resolve(value);
    } catch (error) {
      this.#database.exec('rollback to one; release one');
      return () => job.reject(error);
    }
  }
}
