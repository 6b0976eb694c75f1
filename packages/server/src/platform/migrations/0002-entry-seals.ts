import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Entries bear a seal, so that the sequencer signs only what this house wrote; a person's row names the entry that it stands in.
 * Both are empty for what was written before.
 */
export const entrySeals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table ledger_entries add column seal bytea check (length(seal) = 32)`.execute(db);
    await sql`alter table people add column entry_id bigint`.execute(db);
  },
};
