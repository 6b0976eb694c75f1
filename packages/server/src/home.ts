import { Hono } from 'hono';
import { html } from 'hono/html';
import { formOf, label } from '@troth/policy';
import type { Receiver } from './collect/index.ts';
import type { OpenHouse } from './house.ts';
import type { AppEnv } from './platform/web/frame.ts';
import { show } from './platform/web/layout.ts';
import { STYLE } from './platform/web/style.ts';

/** The front page, the style sheet, and the two questions that whoever runs the house asks of it. */
export function homeRoutes(house: OpenHouse, receivers: ReadonlyMap<string, Receiver>): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get('/', (c) => {
    const { say, language, site } = c.get('frame');
    const { document } = house.policy();
    const services = Object.values(document.terms.services).filter(
      ({ id, kind }) => receivers.has(kind) && (formOf(document, id)?.fields.length ?? 0) > 0,
    );
    const body = html`<h1>${site.name}</h1>
<p class="lead">${say('This site runs under a policy that a machine keeps: every field below comes from the policy, and every use of it is asked of the policy.', '本站由系统执行隐私政策：下列每项信息均来自政策，每次使用都依政策判断。')}</p>
<ul>${services.map((service) => html`<li><a href="/services/${service.id}">${label(service.label, language)}</a></li>`)}
<li><a href="/policy">${say('Read the privacy policy', '阅读隐私政策')}</a></li>
<li><a href="/ledger">${say('See the proof', '查看证明')}</a></li></ul>`;
    return show(c, site.title, body);
  });
  app.get('/assets/troth.css', (c) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' }),
  );
  app.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /me\nDisallow: /desk\nDisallow: /api/\n'));

  // Alive: the process answers. Ready: the records and the keyring answer too.
  app.get('/healthz', (c) => c.json({ status: 'alive' }));
  app.get('/readyz', async (c) => {
    await house.db.selectFrom('ledger_checkpoints').select('size').limit(1).execute();
    await house.keyring.check();
    return c.json({ status: 'ready' });
  });
  return app;
}
