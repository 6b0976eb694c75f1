import type { Migration } from 'kysely/migration';
import { firstHouse } from './0001-first-house.ts';
import { entrySeals } from './0002-entry-seals.ts';

/** Every migration, in the order of their names; a name is never reused and a landed migration never changed. */
export const migrations: Record<string, Migration> = {
  '0001-first-house': firstHouse,
  '0002-entry-seals': entrySeals,
};
