import { html } from 'hono/html';
import { formOf, label } from '@troth/policy';
import { clauseLink, fieldPart } from '../collect/index.ts';
import { channelsOf } from '../desks/index.ts';
import type { House } from '../gate/house.ts';
import type { Frame } from '../platform/web/frame.ts';
import { notePage, type Html } from '../platform/web/layout.ts';

/** Forms to enter what came on paper or by mail, one for each way that the policy names. */
export function enterPart(house: House, frame: Frame): Html {
  const { say, language } = frame;
  const { document } = house.policy();
  const channels = channelsOf(house).flatMap((way) => {
    const form = formOf(document, way.service);
    return form === undefined ? [] : [{ ...way, form }];
  });
  if (channels.length === 0) return html``;
  return html`<h2>${say('Enter a message', '录入来信')}</h2>
${channels.map(
  ({
    service,
    channel,
    clause,
    form,
  }) => html`<details class="box"><summary>${label(form.label, language)} · ${channel === 'post' ? say('a letter', '信件') : say('a mail', '邮件')}</summary>
<p class="why">${clauseLink(clause)}</p>
<form method="post" action="/desk/messages" novalidate><input type="hidden" name="service" value="${service}"><input type="hidden" name="channel" value="${channel}">
${form.fields.map((field) => fieldPart(frame, field, undefined, ''))}
<p><button class="quiet">${say('Enter it', '录入')}</button></p></form></details>`,
)}`;
}

/** What the operator writes back to the sender. */
export function enteredPage(frame: Frame, reference: string): Html {
  const { say } = frame;
  const title = say('Entered', '已录入');
  const line = html`${say('Write this reference to the sender, who can follow the message with it; it is not shown again:', '请将此编号告知来信人，以便查询进度；编号不会再次显示：')} <strong id="reference"><code>${reference}</code></strong>`;
  return notePage(frame, title, [line], [['/desk', say('Back to the desk', '返回工作台')]]);
}
