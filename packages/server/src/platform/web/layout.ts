import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { AppContext, Frame } from './frame.ts';

/** What the addresses of our own pages carry in their query. */
const OWN_QUERY = new Set(['token', 'need', 'from']);

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Lets HTML through that another part of the house made safe (the policy's rendered prose). */
export const safe = raw;

/** A whole page around its body: works without JavaScript, loads nothing but the one style sheet of the house. */
export function layout(frame: Frame, title: string, body: Html): Html {
  const { say, site, language } = frame;
  const other = language === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · ${site.name}</title>
<link rel="stylesheet" href="/assets/troth.css">
</head>
<body>
<a class="skip" href="#main">${say('Skip to the content', '跳到正文')}</a>
<header>
<a class="brand" href="/">${site.name}</a>
<nav aria-label="${say('Main', '主导航')}">
<a href="/policy">${say('Privacy policy', '隐私政策')}</a>
${site.follow ? html`<a href="/follow">${say('Follow a message', '查询进度')}</a>` : ''}
${site.accounts ? accountLinks(frame) : ''}
${frame.signedIn?.kind === 'staff' ? html`<a href="/desk">${say('Desk', '工作台')}</a>${signOut(frame)}` : ''}
</nav>
</header>
<main id="main">
${body}
</main>
<footer>
<p><a href="/policy">${say('Privacy policy', '隐私政策')}</a> ·
<a href="/policy/history">${say('Earlier versions', '历史版本')}</a> ·
<a href="/ledger">${say('Proof', '证明')}</a> ·
<a href="${inLanguage(frame, other)}" lang="${other}" hreflang="${other}">${other === 'zh' ? '中文' : 'English'}</a>
${frame.development ? html` · <a href="/outbox">${say('Development outbox', '开发邮箱')}</a>` : ''}</p>
</footer>
</body>
</html>`;
}

/** The same page in the other language. */
function inLanguage({ search = '' }: Frame, language: string): string {
  // Only what our own pages put there: whatever else came in with the address goes no further.
  const query = new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => OWN_QUERY.has(name)));
  query.set('lang', language);
  return `?${query.toString()}`;
}

function accountLinks(frame: Frame): Html | '' {
  const { say } = frame;
  if (frame.signedIn?.kind === 'staff') return '';
  return frame.signedIn === undefined
    ? html`<a href="/sign-in">${say('Sign in', '登录')}</a>`
    : html`<a href="/me">${say('My data', '我的数据')}</a>${signOut(frame)}`;
}

function signOut(frame: Frame): Html {
  return html`<form class="inline" method="post" action="/sign-out"><button class="link">${frame.say('Sign out', '退出')}</button></form>`;
}

/** Answers a request with a page. */
export async function show(
  c: AppContext,
  title: string,
  body: Html,
  status: 200 | 201 | 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503 = 200,
): Promise<Response> {
  return c.html(await layout(c.get('frame'), title, body), status);
}

/** A point in time as people read it, with its zone, and for machines as they do. */
export function time(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** A page that says one thing and offers ways on. */
export function notePage(frame: Frame, title: string, lines: (string | Html)[], links: [string, string][] = []): Html {
  return html`<h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}
${links.map(([href, words]) => html`<p><a href="${href}">${words}</a></p>`)}`;
}
