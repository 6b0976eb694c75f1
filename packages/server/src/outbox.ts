import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Outbox } from './platform/mail.ts';
import type { AppEnv } from './platform/web/frame.ts';
import { show, time } from './platform/web/layout.ts';

/** What would have been mailed, for the developer's eyes: in memory only, never in production. */
export function outboxRoutes(outbox: Outbox): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get('/outbox', (c) => {
    const { say } = c.get('frame');
    const mails = outbox.list();
    const body = html`<h1>${say('Development outbox', '开发邮箱')}</h1>
<p class="lead">${say('In development no mail leaves this machine: it waits here, in memory, until the server stops.', '开发模式下邮件不会发出，仅保存在内存中，服务停止即清除。')}</p>
${mails.length === 0 ? html`<p>${say('Nothing yet.', '暂无邮件。')}</p>` : ''}
${mails.map((mail) => html`<article class="box"><h2>${mail.subject}</h2><p class="why">${say('to', '收件人')} ${mail.to} · ${time(mail.at)}</p><pre>${linked(mail.text)}</pre></article>`)}`;
    return show(c, say('Development outbox', '开发邮箱'), body);
  });
  app.get('/api/outbox', (c) => c.json(outbox.list()));
  return app;
}

/** Makes the links of a letter links. */
function linked(text: string) {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}
