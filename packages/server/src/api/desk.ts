import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { enterMessage, mailboxOf, queue } from '../desks/index.ts';
import type { House } from '../gate/index.ts';
import { beginningOf } from '../platform/ids.ts';
import { problemResponse } from '../platform/problem.ts';
import { fromObject } from '../platform/web/body.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { readForOperator, readRequestOf } from '../use/index.ts';
import { heldOut } from './answers.ts';
import { endpoint } from './endpoint.ts';
import { Case, DeskMessage, DeskRead, Held, Received } from './schemas.ts';

/** The operator's desk. Whoever is not staff gets one and the same answer, whatever they ask for. */
export function deskApi(app: OpenAPIHono<AppEnv>, house: House): void {
  app.use('/api/desk/*', async (c, next) => {
    if (c.get('frame').signedIn?.kind === 'staff') return next();
    await house.gate.countRefusal({ action: 'use', service: '', code: 'not_own', clauses: [], data: [] });
    return problemResponse(401, 'sign-in-first', {
      detail: 'expected a signed-in operator',
      hint: 'POST /api/staff/session',
    });
  });

  endpoint(
    app,
    { method: 'get', path: '/api/desk/queue', summary: 'Messages that wait, oldest first', answer: z.array(Case) },
    async (c) => {
      const cases = await queue(house);
      return c.json(
        cases.map((each) => ({
          case: each.case_id,
          reference: beginningOf(each.case_id),
          service: each.service,
          channel: each.channel,
          mailbox: each.mailbox,
          state: each.state,
          opened: each.opened_at.toISOString(),
        })),
        200,
      );
    },
  );

  const found = z.object({ found: z.boolean(), held: z.array(Held), clauses: z.array(z.string()) });
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/desk/read',
      summary: 'Read what the policy lets staff read, for a purpose',
      body: DeskRead,
      answer: found,
    },
    async (c, body) => {
      const wanted = readRequestOf(fromObject(body));
      const { held, clauses } = await readForOperator(house, c.get('frame').signedIn!.person, wanted);
      return c.json({ found: held !== undefined, held: (held ?? []).map(heldOut), clauses: [...clauses] }, 200);
    },
  );

  endpoint(
    app,
    {
      method: 'post',
      path: '/api/desk/messages',
      summary: 'Enter a message that came on paper or by mail',
      body: DeskMessage,
      answer: Received,
      status: 201,
    },
    async (c, body) => {
      const reference = await enterMessage(house, c.get('frame'), fromObject(body));
      return c.json({ received: true as const, reference, mailbox: mailboxOf(house, String(body['service'])) }, 201);
    },
  );
}
