import { label, rulesOf } from '@troth/policy';
import type { House } from '../gate/house.ts';
import type { Frame } from '../platform/web/frame.ts';
import type { Html } from '../platform/web/layout.ts';
import { html } from 'hono/html';
import { clauseLink } from './pages.ts';

/** The caveats that the policy wants read before personal data are sent, for forms that no service of the policy makes (mic-32). */
export function caveats(house: House, frame: Frame): Html[] {
  return rulesOf(house.policy().document, 'tell')
    .filter(({ body }) => body.what === 'caveat' && !body.acknowledge && body.at.includes('personal_forms'))
    .map(({ body, clause }) => html`<p class="box">${label(body.words, frame.language)} ${clauseLink(clause)}</p>`);
}
