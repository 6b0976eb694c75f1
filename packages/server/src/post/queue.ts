import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { House } from '../gate/house.ts';
import type { Database } from '../platform/schema.ts';
import type { TemplateName } from './templates.ts';

/** Puts a letter in the queue, in the caller's transaction if there is one. It names a person and a template, nothing else. */
export async function queueMail(
  house: House,
  db: Kysely<Database> | Transaction<Database>,
  person: string,
  template: TemplateName,
): Promise<void> {
  const now = house.clock.now();
  await db
    .insertInto('mails')
    .values({
      person_id: person,
      mail_id: randomUUID(),
      template,
      queued_at: now,
      sent_at: null,
      attempts: 0,
      next_at: now,
    })
    .execute();
}
