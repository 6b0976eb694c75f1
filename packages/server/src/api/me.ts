import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { label } from '@troth/policy';
import { knowsPassword, type Throttle } from '../accounts/index.ts';
import { answersGiven, choose, readChoices } from '../consent/index.ts';
import type { House } from '../gate/index.ts';
import { problemResponse } from '../platform/problem.ts';
import { fromObject } from '../platform/web/body.ts';
import type { AppContext, AppEnv } from '../platform/web/frame.ts';
import { correct, heldAbout } from '../rights/index.ts';
import { answerOut, heldOut, readingOut } from './answers.ts';
import { endpoint } from './endpoint.ts';
import { Choice, Correction, Me } from './schemas.ts';

/** A member's own: see, correct, choose. */
export function meApi(app: OpenAPIHono<AppEnv>, house: House, throttle: Throttle): void {
  app.use('/api/me', async (c, next) => ((await member(house, c)) === undefined ? unknown() : next()));
  app.use('/api/me/*', async (c, next) => ((await member(house, c)) === undefined ? unknown() : next()));

  endpoint(
    app,
    {
      method: 'get',
      path: '/api/me',
      summary: 'What is held about you, why, since when, on which clause, and who read it',
      answer: Me,
    },
    async (c) => {
      const { person } = c.get('frame').signedIn!;
      const { language } = c.get('frame');
      const held = await heldAbout(house, person);
      const [readings, choices, answers] = await Promise.all([
        house.gate.readings(person),
        readChoices(house, person),
        answersGiven(house, person),
      ]);
      return c.json(
        {
          person,
          held: held.map(heldOut),
          readings: readings.map(readingOut),
          choices: choices.map(({ id, kind, clause, words, given }) => ({
            id,
            kind,
            clause,
            words: label(words, language),
            given,
          })),
          answers: answers.map(answerOut),
        },
        200,
      );
    },
  );

  endpoint(
    app,
    {
      method: 'patch',
      path: '/api/me',
      summary: 'Correct your entries',
      body: Correction,
      answer: z.object({ changed: z.array(z.string()) }),
    },
    async (c, body) => {
      const { person } = c.get('frame').signedIn!;
      const fields = fromObject(body);
      const password = fields.get('current_password') ?? '';
      fields.delete('current_password');
      const known = await knowsPassword(house, throttle, person, password);
      if (known === 'no')
        return problemResponse(403, 'wrong-password', {
          detail: 'expected your password as current_password; nothing was changed',
        });
      if (known !== 'yes') return problemResponse(429, 'sign-in-wait', { headers: { 'retry-after': String(known) } });
      const given = new Map([...fields].map(([name, value]) => [name, value.trim().normalize('NFC')]));
      return c.json({ changed: await correct(house, c.get('frame'), person, given) }, 200);
    },
  );

  const pick = z.object({ choice: z.string().max(200), answer: z.boolean() });
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/me/choices',
      summary: 'Give or take back a consent, object or cease to',
      body: pick,
      answer: z.array(Choice),
    },
    async (c, { choice, answer }) => {
      const { person } = c.get('frame').signedIn!;
      const { language } = c.get('frame');
      await choose(house, person, choice, answer, language);
      const choices = await readChoices(house, person);
      return c.json(
        choices.map(({ id, kind, clause, words, given }) => ({
          id,
          kind,
          clause,
          words: label(words, language),
          given,
        })),
        200,
      );
    },
  );
}

/** The signed-in member; nobody else's asking is told anything, and each is counted. */
async function member(house: House, c: AppContext): Promise<string | undefined> {
  const { signedIn } = c.get('frame');
  if (signedIn?.kind === 'member') return signedIn.person;
  await house.gate.countRefusal({ action: 'view', service: '', code: 'not_own', clauses: [], data: [] });
  return undefined;
}

function unknown(): Response {
  return problemResponse(401, 'sign-in-first', { detail: 'expected a signed-in member', hint: 'POST /api/session' });
}
