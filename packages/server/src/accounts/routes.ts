import { Hono } from 'hono';
import { lengthOf } from '../collect/index.ts';
import { setting, type House } from '../gate/index.ts';
import { readFields } from '../platform/web/body.ts';
import type { AppContext, AppEnv, Frame } from '../platform/web/frame.ts';
import { notePage, show } from '../platform/web/layout.ts';
import { giveSession, sessionToken, takeSession } from './cookies.ts';
import { forgotPage, provePage, setPasswordPage, signInPage } from './pages.ts';
import { askReset, setPasswordByLink } from './password.ts';
import { proveEmail } from './prove.ts';
import { closeSession } from './session.ts';
import { signIn, type SignInResult } from './sign-in.ts';
import type { Throttle } from './throttle.ts';

/** Pages to sign in and out, to prove an address, and to set a password. */
export function accountRoutes(house: House, throttle: Throttle): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  // A policy without accounts has no members, and no pages for them.
  for (const path of ['/sign-in', '/prove', '/forgot']) {
    app.use(path, (c, next) => (c.get('frame').site.accounts ? next() : Promise.resolve(c.notFound())));
  }

  for (const kind of ['member', 'staff'] as const) {
    const path = kind === 'staff' ? '/staff/sign-in' : '/sign-in';
    app.get(path, (c) => {
      const frame = c.get('frame');
      const refused = c.req.query('need') === 'cookie';
      const general = refused
        ? [
            frame.say(
              'Your browser did not keep the cookie. Without it there is no signing in; the public pages work all the same.',
              '您的浏览器未保存 cookie。没有 cookie 无法登录，公开页面不受影响。',
            ),
          ]
        : [];
      return show(c, frame.say('Sign in', '登录'), signInPage(house, frame, kind, { general, fields: new Map() }));
    });
    app.post(path, async (c) => {
      const frame = c.get('frame');
      const fields = await readFields(c);
      const result = await signIn(house, throttle, kind, fields.get('id') ?? '', fields.get('password') ?? '');
      if (result.outcome === 'in') {
        giveSession(c, result.token);
        // Comes back here when the browser did not keep the cookie; see membersOnly.
        return c.redirect(kind === 'staff' ? '/desk?from=sign-in' : '/me?from=sign-in', 303);
      }
      if (result.outcome === 'wait') c.header('retry-after', String(result.seconds));
      const complaints = { general: [signInWords(frame, result)], fields: new Map() };
      return show(
        c,
        frame.say('Sign in', '登录'),
        signInPage(house, frame, kind, complaints),
        result.outcome === 'wait' ? 429 : 403,
      );
    });
  }

  app.post('/sign-out', async (c) => {
    const token = sessionToken(c, c.get('frame').tls);
    if (token !== undefined) await closeSession(house, token);
    takeSession(c);
    return c.redirect('/', 303);
  });

  app.get('/prove', (c) => proofForm(c, c.req.query('token') ?? '', [], 200));
  app.post('/prove', async (c) => {
    const { say } = c.get('frame');
    const fields = await readFields(c);
    const token = fields.get('token') ?? '';
    const proof = await proveEmail(house, throttle, token, fields.get('password') ?? '');
    if (proof === 'password') {
      return proofForm(c, token, [say('That is not the password of this account.', '密码与此账户不符。')], 403);
    }
    if (typeof proof === 'number') {
      c.header('retry-after', String(proof));
      return proofForm(
        c,
        token,
        [say(`Too many tries. Please wait ${proof} seconds.`, `尝试次数过多，请等待 ${proof} 秒。`)],
        429,
      );
    }
    const proved = proof === 'proved';
    const title = proved ? say('The address is yours', '邮箱已验证') : say('This link does not work', '链接无效');
    const line = proved
      ? say('Thank you. You can sign in with it now.', '谢谢。现在可以用它登录。')
      : say(
          'It was used already, is too old, or the address was changed since. Sign in to get a new one.',
          '链接已使用、已过期，或邮箱已更改。请登录以获取新链接。',
        );
    const page = notePage(c.get('frame'), title, [line], [['/sign-in', say('Sign in', '登录')]]);
    return show(c, title, page, proved ? 200 : 403);
  });

  app.get('/forgot', (c) =>
    show(c, c.get('frame').say('Forgot your password?', '忘记密码？'), forgotPage(house, c.get('frame'))),
  );
  app.post('/forgot', async (c) => {
    const { say } = c.get('frame');
    await askReset(house, (await readFields(c)).get('id') ?? '');
    const title = say('Look at your mail', '请查收邮件');
    return show(
      c,
      title,
      notePage(c.get('frame'), title, [
        say(
          'If the address is a member’s, a link is on its way. It works once, and not for long.',
          '如果该邮箱属于会员，链接已发出，短时间内可使用一次。',
        ),
      ]),
    );
  });

  app.get('/set-password', (c) => passwordForm(house, c, c.req.query('token') ?? '', []));
  app.post('/set-password', async (c) => {
    const { say } = c.get('frame');
    const fields = await readFields(c);
    const password = fields.get('password') ?? '';
    const token = fields.get('token') ?? '';
    const shortest = setting(house, 'password_minimum');
    if (lengthOf(password) < shortest) {
      return passwordForm(house, c, token, [
        say(`expected at least ${shortest} characters`, `至少 ${shortest} 个字符`),
      ]);
    }
    const kind = await setPasswordByLink(house, token, password);
    if (kind === undefined) {
      return passwordForm(house, c, '', [
        say('This link was used already or is too old. Ask for a new one.', '链接已使用或已过期，请重新获取。'),
      ]);
    }
    return c.redirect(kind === 'staff' ? '/staff/sign-in' : '/sign-in', 303);
  });
  return app;
}

function passwordForm(house: House, c: AppContext, token: string, general: string[]): Promise<Response> {
  const frame = c.get('frame');
  const page = setPasswordPage(house, frame, token, { general, fields: new Map() });
  return show(c, frame.say('Set a password', '设置密码'), page, general.length === 0 ? 200 : 422);
}

/** Why a sign-in did not work, without telling whether the ID is anybody's. */
export function signInWords({ say }: Frame, result: Exclude<SignInResult, { outcome: 'in' }>): string {
  if (result.outcome === 'wait') {
    return say(`Too many tries. Please wait ${result.seconds} seconds.`, `尝试次数过多，请等待 ${result.seconds} 秒。`);
  }
  if (result.outcome === 'unproved') {
    return say('Please prove your address first: we have sent the link again.', '请先验证邮箱：我们已重新发送链接。');
  }
  return say('ID and password do not belong together.', 'ID 与密码不匹配。');
}

function proofForm(c: AppContext, token: string, general: string[], status: 200 | 403 | 429): Promise<Response> {
  const frame = c.get('frame');
  return show(
    c,
    frame.say('Prove your address', '验证邮箱'),
    provePage(frame, token, { general, fields: new Map() }),
    status,
  );
}
