import { BOUND_TABLES, type BoundTable, type RowChange } from './entry.ts';

const DIGEST = 32;

/**
 * The rows that the log holds live: for every digest it ever named, how often it was put less how often it was dropped. Sums do
 * not depend on the order in which two writers' entries came to stand, so neither does the result.
 *
 * An open-addressed table in flat memory, about 75 bytes a digest: a Map of strings takes three times as much.
 */
export class LiveSet {
  private capacity = 1 << 12;
  private used = 0;
  private keys = Buffer.alloc(this.capacity * DIGEST);
  /** 0 for an empty slot, else 1 + the table's place. */
  private tables = new Uint8Array(this.capacity);
  private counts = new Int32Array(this.capacity);
  /** The id of the entry that put it last. */
  private putBy = new Float64Array(this.capacity);
  private marks = new Uint8Array(this.capacity);

  /** Applies what one entry says of its rows. `free`: the entry may put a row that names another entry (a restore). */
  apply(rows: readonly RowChange[], by: number, free: boolean): void {
    for (const { table, before, after } of rows) {
      if (before !== undefined) this.counts[this.slot(before, table)]! -= 1;
      if (after === undefined) continue;
      const slot = this.slot(after, table);
      this.counts[slot]! += 1;
      this.putBy[slot] = by;
      this.marks[slot] = free ? FREE : 0;
    }
  }

  /** What the log says of a digest; undefined where it never named it. Marks it as seen. */
  see(digest: Uint8Array): { count: number; by: number; free: boolean; seen: boolean } | undefined {
    const slot = this.find(digest);
    if (this.tables[slot] === 0) return undefined;
    const seen = (this.marks[slot]! & SEEN) !== 0;
    this.marks[slot]! |= SEEN;
    return { count: this.counts[slot]!, by: this.putBy[slot]!, free: (this.marks[slot]! & FREE) !== 0, seen };
  }

  /** Every digest with its count, and whether a row was seen for it. */
  *all(): Generator<{ digest: Buffer; table: BoundTable; count: number; by: number; seen: boolean }> {
    for (let slot = 0; slot < this.capacity; slot += 1) {
      if (this.tables[slot] === 0) continue;
      yield {
        digest: Buffer.from(this.keys.subarray(slot * DIGEST, (slot + 1) * DIGEST)),
        table: BOUND_TABLES[this.tables[slot]! - 1]!,
        count: this.counts[slot]!,
        by: this.putBy[slot]!,
        seen: (this.marks[slot]! & SEEN) !== 0,
      };
    }
  }

  private find(digest: Uint8Array): number {
    const mask = this.capacity - 1;
    // Digests are uniform: their first bytes are as good a hash as any. Who chooses them can at worst make this slow.
    let slot = (digest[0]! | (digest[1]! << 8) | (digest[2]! << 16) | (digest[3]! << 24)) & mask;
    while (this.tables[slot] !== 0 && this.keys.compare(digest, 0, DIGEST, slot * DIGEST, (slot + 1) * DIGEST) !== 0)
      slot = (slot + 1) & mask;
    return slot;
  }

  private slot(digest: Uint8Array, table: BoundTable): number {
    if (this.used > this.capacity * 0.6) this.grow();
    const slot = this.find(digest);
    if (this.tables[slot] === 0) {
      this.used += 1;
      this.keys.set(digest, slot * DIGEST);
      this.tables[slot] = BOUND_TABLES.indexOf(table) + 1;
    }
    return slot;
  }

  private grow(): void {
    const old = {
      keys: this.keys,
      tables: this.tables,
      counts: this.counts,
      putBy: this.putBy,
      marks: this.marks,
      capacity: this.capacity,
    };
    this.capacity *= 2;
    this.keys = Buffer.alloc(this.capacity * DIGEST);
    this.tables = new Uint8Array(this.capacity);
    this.counts = new Int32Array(this.capacity);
    this.putBy = new Float64Array(this.capacity);
    this.marks = new Uint8Array(this.capacity);
    for (let from = 0; from < old.capacity; from += 1) {
      if (old.tables[from] === 0) continue;
      const key = old.keys.subarray(from * DIGEST, (from + 1) * DIGEST);
      const to = this.find(key);
      this.keys.set(key, to * DIGEST);
      this.tables[to] = old.tables[from]!;
      this.counts[to] = old.counts[from]!;
      this.putBy[to] = old.putBy[from]!;
      this.marks[to] = old.marks[from]!;
    }
  }
}

const SEEN = 1;
const FREE = 2;
