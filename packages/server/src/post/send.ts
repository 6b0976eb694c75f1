import type { House } from '../gate/house.ts';
import { Refusal, setting } from '../gate/index.ts';
import type { Mailer } from '../platform/mail.ts';
import { errorCode, isTrothError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { newToken } from '../vault/index.ts';
import { clearEmail } from './address.ts';
import { TEMPLATES, type TemplateName } from './templates.ts';

const MOST_ATTEMPTS = 8;

/**
 * Sends the letters that are due. The address leaves the vault only now, through the gate; a refusal (the person is gone) ends the
 * letter, a fault of the mail server puts it off: 2^n minutes, eight times.
 * @returns how many were sent
 */
export async function sendDueMails(house: House, mailer: Mailer, log: Log): Promise<number> {
  const now = house.clock.now();
  // Claimed by moving the next try on: another process passes them by, and a crash here only delays them.
  const due = await house.db
    .updateTable('mails')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_at: new Date(now.getTime() + 60_000) }))
    .where('mail_id', 'in', (query) =>
      query
        .selectFrom('mails')
        .select('mail_id')
        .where('sent_at', 'is', null)
        .where('next_at', '<=', now)
        .where('attempts', '<', MOST_ATTEMPTS)
        .orderBy('next_at')
        .limit(20)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  let sent = 0;
  for (const mail of due) {
    try {
      await sendOne(house, mailer, mail.person_id, mail.template as TemplateName);
      await house.db
        .updateTable('mails')
        .set({ sent_at: house.clock.now() })
        .where('mail_id', '=', mail.mail_id)
        .execute();
      sent += 1;
    } catch (error) {
      log.warn('mail-failed', { mail: mail.mail_id, code: errorCode(error) });
      const later = new Date(now.getTime() + 60_000 * 2 ** mail.attempts);
      const final = error instanceof Refusal || isTrothError(error, 'person-gone');
      const attempts = final ? MOST_ATTEMPTS : mail.attempts;
      await house.db
        .updateTable('mails')
        .set({ attempts, next_at: later })
        .where('mail_id', '=', mail.mail_id)
        .execute();
    }
  }
  return sent;
}

async function sendOne(house: House, mailer: Mailer, person: string, template: TemplateName): Promise<void> {
  const letter = TEMPLATES[template];
  const to = await clearEmail(house, person, letter.function);
  if (to === undefined) return;
  if (letter.provedOnly && (await house.keyring.findIndex('email', to)) !== person) return;
  let url = '';
  if (letter.link !== undefined) {
    const { purpose, path } = letter.link;
    const minutes = purpose === 'prove_email' ? setting(house, 'proof_hours') * 60 : setting(house, 'reset_minutes');
    const expires = new Date(house.clock.now().getTime() + minutes * 60_000);
    const { token, hash } = newToken();
    await house.keyring.putToken(purpose, hash, person, expires);
    url = `${house.origin()}${path}?token=${token}`;
  }
  await mailer.send({ to, subject: letter.subject(house), text: letter.text(house, url) });
}
