import { randomUUID } from 'node:crypto';
import { html } from 'hono/html';
import { rulesOf } from '@troth/policy';
import type { Prepared, Receiver } from '../collect/index.ts';
import type { House } from '../gate/house.ts';
import { newIdUnder, newReference } from '../platform/ids.ts';
import { notePage } from '../platform/web/layout.ts';
import { deadlineWords } from './words.ts';

/** The kind of blind index by which a reference finds its case. */
export const REFERENCE_INDEX = 'case_reference';

/**
 * Receives a question or concern. Whoever sends it is a person of their own, known by the reference alone, so that no account is
 * needed and nothing ties two messages together.
 * @returns the reference, shown once and kept only as a blind index; its beginning is the case's name at the desk
 */
export async function receiveCase(
  house: House,
  prepared: Prepared,
  channel: 'web' | 'post' | 'mail' = 'web',
): Promise<string> {
  const person = randomUUID();
  const reference = newReference();
  const caseId = newIdUnder(reference);
  const { service } = prepared.form;
  try {
    await house.gate.collect(prepared.permit, {
      from: { birth: 'correspondent', person },
      service,
      caseId,
      values: prepared.values,
      answers: prepared.answers,
      along: async (tx, _person, at) => {
        await house.keyring.putIndex(person, REFERENCE_INDEX, reference);
        await tx
          .insertInto('cases')
          .values({
            person_id: person,
            case_id: caseId,
            service,
            channel,
            mailbox: mailboxOf(house, service),
            state: 'received',
            opened_at: at,
            changed_at: at,
          })
          .execute();
      },
    });
  } catch (error) {
    await house.keyring.erase(person, house.clock.now());
    throw error;
  }
  return reference;
}

/** The mailbox that the policy names for a service's messages. */
export function mailboxOf(house: House, service: string): string {
  const { document } = house.policy();
  const rule = rulesOf(document, 'contact').find(
    ({ body }) => body.service?.includes(service) && body.mailbox !== undefined,
  );
  return rule?.body.mailbox ?? document.terms.services[service]?.mailbox ?? document.controller.privacy_contact ?? '';
}

/** Takes the forms of services of kind `queue`. */
export function queueReceiver(house: House): Receiver {
  return {
    async receive(c, prepared) {
      const frame = c.get('frame');
      const reference = await receiveCase(house, prepared);
      const mailbox = mailboxOf(house, prepared.form.service);
      const title = frame.say('We have your message', '我们已收到您的留言');
      const body = notePage(
        frame,
        title,
        [
          html`${frame.say('Your reference:', '您的查询编号：')} <strong id="reference"><code>${reference}</code></strong>`,
          frame.say(
            'Keep it: it is the only way to follow your message, and we cannot tell it again.',
            '请妥善保存：这是查询进度的唯一方式，我们无法再次提供。',
          ),
          frame.say(`It is in the queue of ${mailbox}.`, `已进入 ${mailbox} 的处理队列。`),
          deadlineWords(house, prepared.form.service, frame.say),
        ],
        [['/follow', frame.say('Follow it', '查询进度')]],
      );
      return { title, body, facts: { reference, mailbox, deadline: 'none promised' } };
    },
  };
}
