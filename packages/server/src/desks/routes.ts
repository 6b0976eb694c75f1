import { Hono } from 'hono';
import { html } from 'hono/html';
import { label } from '@troth/policy';
import type { House } from '../gate/house.ts';
import { readFields } from '../platform/web/body.ts';
import type { AppEnv, Frame } from '../platform/web/frame.ts';
import { show, time, type Html } from '../platform/web/layout.ts';
import { follow, type Followed } from './follow.ts';
import { deadlineWords, stateWords } from './words.ts';

/** The page on which anybody follows their message; the reference travels in the body, never in an address. */
export function followRoutes(house: House): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get('/follow', (c) => show(c, c.get('frame').say('Follow a message', '查询进度'), followForm(c.get('frame'))));
  app.post('/follow', async (c) => {
    const frame = c.get('frame');
    const title = frame.say('Follow a message', '查询进度');
    const reference = (await readFields(c)).get('reference') ?? '';
    const followed = await follow(house, reference);
    if (followed === undefined) {
      return show(c, title, followForm(frame, true), 404);
    }
    return show(c, title, followedPage(house, frame, followed));
  });
  return app;
}

function followForm(frame: Frame, missed = false): Html {
  const { say } = frame;
  return html`<h1>${say('Follow a message', '查询进度')}</h1>
${missed ? html`<p class="box no" role="alert">${say('There is no message with this reference. Look for a slip: it reads like TR-4F7K-9Q2M-….', '没有此编号的留言，请核对（格式如 TR-4F7K-9Q2M-…）。')}</p>` : ''}
<form method="post" action="/follow"><label for="reference">${say('Your reference', '查询编号')}</label>
<input id="reference" name="reference" autocomplete="off" spellcheck="false" required><p><button>${say('Show', '查询')}</button></p></form>`;
}

function followedPage(house: House, frame: Frame, { state, own }: Followed): Html {
  const { say, language } = frame;
  const { data } = house.policy().document.terms;
  return html`<h1>${say('Your message', '您的留言')}</h1>
<dl><dt>${say('State', '状态')}</dt><dd id="state">${stateWords(state.state, say)}</dd>
<dt>${say('Received', '收到时间')}</dt><dd>${time(state.opened_at)}</dd>
<dt>${say('Queue', '处理队列')}</dt><dd>${state.mailbox}</dd></dl>
<p>${deadlineWords(house, state.service, say)}</p>
${own.map(
  (held) => html`<h2>${label(data[held.field], language)}</h2><pre>${held.value}</pre>
<p class="why">${say('kept since', '保存自')} ${time(held.since)} · <a href="/policy#${held.clause}">${held.clause}</a></p>`,
)}`;
}
