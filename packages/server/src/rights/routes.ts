import { Hono } from 'hono';
import { html } from 'hono/html';
import { rulesOf, membersOf } from '@troth/policy';
import { changePassword, knowsPassword, passwordAdvice, takeSession, type Throttle } from '../accounts/index.ts';
import { caveats, complaintsOf, general, lengthOf, NO_COMPLAINTS, type Complaints } from '../collect/index.ts';
import { answersGiven, choose, readChoices } from '../consent/index.ts';
import { setting, type House } from '../gate/index.ts';
import { readFields } from '../platform/web/body.ts';
import type { AppContext, AppEnv, Frame } from '../platform/web/frame.ts';
import { show, type Html } from '../platform/web/layout.ts';
import { correct } from './correct.ts';
import { heldAbout } from './held.ts';
import { currentPassword, editPage, mePage } from './pages.ts';

/** A member's own pages: see, correct, choose. */
export function rightsRoutes(house: House, throttle: Throttle): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  /** Sends whoever is not a member to the sign-in page; the refusal is counted. */
  const membersOnly = async (c: AppContext, next: () => Promise<void>): Promise<Response | void> => {
    if (c.get('frame').signedIn?.kind === 'member') return next();
    await house.gate.countRefusal({ action: 'view', service: '', code: 'not_own', clauses: [], data: [] });
    return c.redirect(c.req.query('from') === 'sign-in' ? '/sign-in?need=cookie' : '/sign-in', 303);
  };
  app.use('/me', membersOnly);
  app.use('/me/*', membersOnly);

  app.get('/me', async (c) => {
    const { person } = c.get('frame').signedIn!;
    const held = await heldAbout(house, person);
    const [readings, choices, answers] = await Promise.all([
      house.gate.readings(person),
      readChoices(house, person),
      answersGiven(house, person),
    ]);
    return show(
      c,
      c.get('frame').say('My data', '我的数据'),
      mePage(house, c.get('frame'), { held, readings, choices, answers }),
    );
  });

  app.post('/me/choices', async (c) => {
    const fields = await readFields(c);
    const { signedIn, language } = c.get('frame');
    await choose(house, signedIn!.person, fields.get('choice') ?? '', fields.get('answer') === 'yes', language);
    return c.redirect('/me#choices', 303);
  });

  app.get('/me/edit', async (c) => showEdit(house, c, NO_COMPLAINTS, new Map(), 200));
  app.post('/me/edit', async (c) => {
    const frame = c.get('frame');
    const { person } = frame.signedIn!;
    const fields = await readFields(c);
    const password = fields.get('current_password') ?? '';
    fields.delete('current_password');
    const given = new Map([...fields].map(([name, value]) => [name, value.trim().normalize('NFC')]));
    const known = await knowsPassword(house, throttle, person, password);
    if (known !== 'yes')
      return showEdit(
        house,
        c,
        { general: [passwordWords(frame, known)], fields: new Map() },
        given,
        refusedBy(c, known),
      );
    try {
      await correct(house, frame, person, given);
    } catch (error) {
      const complaints = complaintsOf(house, frame, error);
      if (complaints === undefined) throw error;
      return showEdit(house, c, complaints, given, 422);
    }
    return c.redirect('/me', 303);
  });

  app.get('/me/password', (c) =>
    show(c, c.get('frame').say('Change the password', '修改密码'), passwordPage(house, c.get('frame'), NO_COMPLAINTS)),
  );
  app.post('/me/password', async (c) => {
    const frame = c.get('frame');
    const { person } = frame.signedIn!;
    const fields = await readFields(c);
    const fresh = fields.get('password') ?? '';
    const again = (line: string, status: 403 | 422 | 429): Promise<Response> =>
      show(
        c,
        frame.say('Change the password', '修改密码'),
        passwordPage(house, frame, { general: [line], fields: new Map() }),
        status,
      );
    const shortest = setting(house, 'password_minimum');
    const known = await knowsPassword(house, throttle, person, fields.get('current_password') ?? '');
    if (known !== 'yes') return again(passwordWords(frame, known), refusedBy(c, known));
    if (lengthOf(fresh) < shortest)
      return again(frame.say(`expected at least ${shortest} characters`, `至少 ${shortest} 个字符`), 422);
    if (mayChangePassword(house)) await changePassword(house, person, fresh);
    takeSession(c);
    return c.redirect('/sign-in', 303);
  });
  return app;
}

async function showEdit(
  house: House,
  c: AppContext,
  complaints: Complaints,
  kept: Map<string, string>,
  status: 200 | 403 | 422 | 429,
): Promise<Response> {
  const frame = c.get('frame');
  const held = await heldAbout(house, frame.signedIn!.person);
  return show(c, frame.say('Edit my data', '修改我的数据'), editPage(house, frame, held, complaints, kept), status);
}

function passwordPage(house: House, frame: Frame, complaints: Complaints): Html {
  const { say } = frame;
  return html`<h1>${say('Change the password', '修改密码')}</h1>${general(frame, complaints)}
<form method="post" action="/me/password">${currentPassword(frame)}
<label for="password">${say('New password', '新密码')}</label><input id="password" name="password" type="password" autocomplete="new-password" required>
${passwordAdvice(house, frame)}${caveats(house, frame)}<p><button>${say('Change it', '修改')}</button></p></form>`;
}

/** The status for a wrong password; for one that has to wait, it says how long. */
function refusedBy(c: AppContext, known: 'no' | number): 403 | 429 {
  if (known === 'no') return 403;
  c.header('retry-after', String(known));
  return 429;
}

function passwordWords({ say }: Frame, known: 'no' | number): string {
  return known === 'no'
    ? say('That is not your password; nothing was changed.', '密码不正确，未作任何更改。')
    : say(`Too many tries. Please wait ${known} seconds.`, `尝试次数过多，请等待 ${known} 秒。`);
}

function mayChangePassword(house: House): boolean {
  const { document } = house.policy();
  return rulesOf(document, 'offer').some(
    ({ body }) =>
      body.right.includes('correction') && body.data.some((data) => membersOf(document, data).includes('password')),
  );
}
