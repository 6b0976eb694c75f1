import { html } from 'hono/html';
import { UnknownService } from './collect/index.ts';
import { Refusal, sayRefusal } from './gate/index.ts';
import type { OpenHouse } from './house.ts';
import { errorCode, isTrothError } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import { problemResponse } from './platform/problem.ts';
import type { AppContext } from './platform/web/frame.ts';
import { show } from './platform/web/layout.ts';

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** The one error path: refusals name clauses, our own errors say their words, anything else says nothing of its cause. */
export async function onError(house: OpenHouse, log: Log, error: unknown, c: AppContext): Promise<Response> {
  if (error instanceof Refusal) return refused(house, error, c);
  const status = statusOf(error);
  if (status >= 500) log.error('request-failed', { code: errorCode(error), status });
  const known = isTrothError(error) && status < 500;
  if (wantsJson(c)) {
    if (!known)
      return problemResponse(
        status,
        status === 503 ? 'unavailable' : 'internal',
        status === 503 ? { headers: { 'retry-after': '10' } } : {},
      );
    return problemResponse(status, error.code, {
      detail: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  }
  const { say } = frameOr(c);
  if (c.get('frame') === undefined) return problemResponse(status, 'internal');
  if (status === 503) c.header('retry-after', '10');
  const title = known ? say('That did not work', '操作未成功') : say('Something failed on our side', '服务器出现问题');
  const body = html`<h1>${title}</h1>${known ? html`<p>${error.message}</p>${error.hint === undefined ? '' : html`<p>${error.hint}</p>`}` : html`<p>${say('Nothing was kept. Please try again in a moment.', '未保存任何内容，请稍后重试。')}</p>`}
<p><a href="/">${say('To the front page', '返回首页')}</a></p>`;
  return show(c, title, body, status);
}

/** A refusal, with the sentences, the clauses and the codes. */
function refused(house: OpenHouse, refusal: Refusal, c: AppContext): Response | Promise<Response> {
  const { tables } = house.policy();
  const frame = c.get('frame');
  const words = sayRefusal(tables, refusal, frame.language);
  const { clauses, findings, code } = refusal.decision;
  if (wantsJson(c)) return problemResponse(403, code, { detail: words.join(' '), more: { clauses, findings } });
  const title = frame.say('Refused', '已拒绝');
  const body = html`<h1>${title}</h1><div class="box no" role="alert" data-code="${code}"><ul>${words.map((line) => html`<li>${line}</li>`)}</ul>
<p>${clauses.map((clause) => html`<a href="/policy#${clause}">${clause}</a> `)}</p></div>
<p>${frame.say('Nothing was done and nothing was kept; the refusal itself is in the ledger.', '未执行也未保存任何内容；拒绝本身已记入账本。')}</p>
${frame.signedIn?.kind === 'staff' ? html`<p><a href="/desk">${frame.say('Back to the desk', '返回工作台')}</a></p>` : ''}`;
  return show(c, title, body, 403);
}

export function onNotFound(c: AppContext): Response | Promise<Response> {
  if (wantsJson(c)) return problemResponse(404, 'not-found');
  const { say } = frameOr(c);
  const title = say('There is no such page', '页面不存在');
  return show(c, title, html`<h1>${title}</h1><p><a href="/">${say('To the front page', '返回首页')}</a></p>`, 404);
}

function wantsJson(c: AppContext): boolean {
  return c.req.path.startsWith('/api/') || (c.req.header('accept') ?? '').includes('application/json');
}

function frameOr(c: AppContext): { say: (en: string, zh: string) => string } {
  return c.get('frame') ?? { say: (en: string) => en };
}

/** SQLSTATE classes of a database that is away, full or shutting down, and the system's words for the same. */
const AWAY = /^(08|53|57P|ECONN|ETIMEDOUT|EPIPE|ENOSPC|keyring-unavailable|database-)/;

function statusOf(error: unknown): Status {
  if (error instanceof UnknownService) return 404;
  const code = errorCode(error);
  if (AWAY.test(code)) return 503;
  if (!isTrothError(error)) return 500;
  const byCode: Record<string, Status> = {
    'bad-body': 400,
    'nothing-asked': 422,
    'unknown-choice': 422,
    'unknown-channel': 422,
    'nothing-entered': 422,
    'wrong-format': 422,
    'operator-exists': 409,
    overtaken: 409,
    'person-gone': 404,
    'password-too-long': 422,
    'too-busy': 503,
  };
  return byCode[code] ?? 500;
}
