import { Hono } from 'hono';
import { caseOf, enterMessage, queue, setState } from '../desks/index.ts';
import type { House } from '../gate/house.ts';
import { readFields, type Fields } from '../platform/web/body.ts';
import type { AppContext, AppEnv } from '../platform/web/frame.ts';
import { show } from '../platform/web/layout.ts';
import { enteredPage } from './enter-page.ts';
import { deskPage, readPage } from './pages.ts';
import { readForOperator, type ReadRequest } from './read.ts';

const STATES = ['received', 'in_work', 'answered', 'closed'] as const;

/** The operator's desk. Whoever is not signed in as staff gets the same refusal for everything. */
export function deskRoutes(house: House): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const staffOnly = async (c: AppContext, next: () => Promise<void>): Promise<Response | void> => {
    if (c.get('frame').signedIn?.kind === 'staff') return next();
    await house.gate.countRefusal({ action: 'use', service: '', code: 'not_own', clauses: [], data: [] });
    return c.redirect(c.req.query('from') === 'sign-in' ? '/staff/sign-in?need=cookie' : '/staff/sign-in', 303);
  };
  app.use('/desk', staffOnly);
  app.use('/desk/*', staffOnly);

  app.get('/desk', async (c) =>
    show(c, c.get('frame').say('Desk', '工作台'), deskPage(house, c.get('frame'), await queue(house))),
  );

  app.post('/desk/read', async (c) => {
    const frame = c.get('frame');
    const wanted = readRequestOf(await readFields(c));
    const answer = await readForOperator(house, frame.signedIn!.person, wanted);
    return show(c, frame.say('Read', '读取结果'), readPage(house, frame, answer));
  });

  app.post('/desk/messages', async (c) => {
    const frame = c.get('frame');
    const reference = await enterMessage(house, frame, await readFields(c));
    return show(c, frame.say('Entered', '已录入'), enteredPage(frame, reference), 201);
  });

  app.post('/desk/state', async (c) => {
    const fields = await readFields(c);
    const state = STATES.find((name) => name === fields.get('state'));
    const found = await caseOf(house, fields.get('case') ?? '');
    if (state !== undefined && found !== undefined) await setState(house, found.case_id, state);
    return c.redirect('/desk', 303);
  });
  return app;
}

/** Reads what an operator asks for, from a form or a JSON object alike. */
export function readRequestOf(fields: Fields): ReadRequest {
  const boxes = [...fields]
    .filter(([name, value]) => name.startsWith('data:') && value === 'yes')
    .map(([name]) => name.slice('data:'.length));
  const listed = (fields.get('data') ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const caseId = fields.get('case');
  return {
    whom: caseId === undefined ? { identifier: fields.get('identifier') ?? '' } : { caseId },
    data: [...new Set([...boxes, ...listed])],
    purpose: (fields.get('purpose') ?? '').trim(),
    reason: (fields.get('reason') ?? '').trim(),
    reference: (fields.get('reference') ?? '').trim(),
  };
}
