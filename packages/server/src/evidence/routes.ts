import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Ledger } from '../ledger/index.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { show, time } from '../platform/web/layout.ts';

/** Paths of a C2SP tlog-tiles log: checkpoint, hash tiles, entry bundles; whole and partial. */
const PUBLIC = /^(checkpoint|tile\/(entries|[0-9]{1,2})\/(x[0-9]{3}\/)*[0-9]{3}(\.p\/[0-9]{1,3})?)$/;

/** The public ledger: its page, its key, and the files of its mirror under their C2SP paths. */
export function ledgerRoutes({ ledger }: { ledger: Ledger }): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get('/ledger', async (c) => {
    const { say } = c.get('frame');
    const checkpoint = await ledger.checkpoint();
    const body = html`<h1>${say('Proof', '证明')}</h1>
<p class="lead">${say('Whatever this site does with personal data leaves an entry in this ledger. It holds no personal data, nothing in it can be changed unseen, and anyone can verify it with their own tools.', '本站对个人数据的每次处理都会在此账本留下记录。账本不含个人数据，任何改动都会被发现，任何人都可自行验证。')}</p>
<dl><dt>${say('Entries', '条目数')}</dt><dd id="size">${checkpoint?.size ?? 0}</dd>
<dt>${say('Signed state', '签名状态')}</dt><dd><pre>${checkpoint?.note ?? ''}</pre><a href="/ledger/checkpoint">/ledger/checkpoint</a></dd>
<dt>${say('Public key', '公钥')}</dt><dd><code>${ledger.vkey}</code> <a href="/ledger/key">/ledger/key</a></dd></dl>
<p>${say('Formats:', '格式：')} C2SP tlog-checkpoint, signed-note, tlog-tiles; RFC 6962. <code>./troth ledger verify</code></p>
<p class="why">${say('as of', '截至')} ${time(new Date())}</p>`;
    return show(c, say('Proof', '证明'), body);
  });

  app.get('/ledger/key', (c) => c.text(`${ledger.vkey}\n`));

  app.get('/ledger/*', async (c) => {
    const path = c.req.path.slice('/ledger/'.length);
    if (!PUBLIC.test(path)) return c.notFound();
    const file = join(ledger.mirror.dir, path);
    const size = await stat(file).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    );
    if (size === undefined) return c.notFound();
    const whole = path !== 'checkpoint' && !path.includes('.p/');
    return c.body(Readable.toWeb(createReadStream(file)) as ReadableStream, 200, {
      'content-type': path === 'checkpoint' ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      'content-length': String(size),
      // A whole tile never changes again (C2SP tlog-tiles).
      'cache-control': whole ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
  return app;
}
