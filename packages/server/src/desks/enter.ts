import { rulesOf } from '@troth/policy';
import { prepare } from '../collect/index.ts';
import type { House } from '../gate/house.ts';
import { TrothError } from '../platform/errors.ts';
import type { Fields } from '../platform/web/body.ts';
import type { Frame } from '../platform/web/frame.ts';
import { receiveCase } from './receive.ts';

/** A way on paper or by mail by which the policy lets messages of a service come, and the clause that says so. */
interface Channel {
  service: string;
  channel: 'post' | 'mail';
  clause: string;
}

/** Every way beside the web, in the order of the policy. */
export function channelsOf(house: House): Channel[] {
  return rulesOf(house.policy().document, 'contact').flatMap(({ body, clause }) =>
    body.service.flatMap((service) =>
      body.channels.flatMap((channel) => (channel === 'web' ? [] : [{ service, channel, clause }])),
    ),
  );
}

/**
 * Enters a message that came on paper or by mail, into the same queue as those from the web. Staff bring it, as the policy lets them;
 * it may lack fields that the web's form asks for.
 * @param fields `service` and `channel`, and the message's own fields
 * @returns the reference, to be written to the sender
 * @throws TrothError `unknown-channel`, `nothing-entered`; Refusal and WrongFormat as for any submission
 */
export async function enterMessage(house: House, frame: Frame, fields: Fields): Promise<string> {
  const own = new Map(fields);
  const [service, channel] = ['service', 'channel'].map((name) => own.get(name) ?? '') as [string, string];
  for (const name of ['service', 'channel']) own.delete(name);
  const named = channelsOf(house).find((each) => each.service === service && each.channel === channel);
  if (named === undefined) {
    throw new TrothError(
      'unknown-channel',
      'expected a service and a channel that the policy names; came another pair',
      {
        hint: 'the desk shows those there are',
      },
    );
  }
  if ([...own.values()].every((value) => value.trim() === '')) {
    throw new TrothError('nothing-entered', 'expected the words of the message; came none');
  }
  return receiveCase(house, await prepare(house, frame, service, own, 'staff'), named.channel);
}
