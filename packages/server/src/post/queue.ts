import { randomUUID } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { House } from '../gate/house.ts';
import type { Database } from '../platform/schema.ts';
import type { TemplateName } from './templates.ts';

/** Letters of one kind to one person in an hour: whoever types somebody's address again and again fills no mailbox with it. */
const MOST_AN_HOUR = 5;
const HOUR_MS = 3_600_000;

/**
 * Puts a letter in the queue, in the caller's transaction if there is one. It names a person and a template, nothing else. One too
 * many is left out without a word, so that nobody learns from it who is a member.
 */
export async function queueMail(
  house: House,
  db: Kysely<Database> | Transaction<Database>,
  person: string,
  template: TemplateName,
): Promise<void> {
  const now = house.clock.now();
  const since = new Date(now.getTime() - HOUR_MS);
  await sql`insert into mails (person_id, mail_id, template, queued_at, sent_at, attempts, next_at)
    select ${person}::uuid, ${randomUUID()}::uuid, ${template}, ${now}::timestamptz, null, 0, ${now}::timestamptz
    where (select count(*) from mails where person_id = ${person}::uuid and template = ${template} and queued_at > ${since})
      < ${MOST_AN_HOUR}`.execute(db);
}
