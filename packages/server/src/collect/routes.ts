import { Hono } from 'hono';
import { formOf, label } from '@troth/policy';
import type { House } from '../gate/house.ts';
import { readFields } from '../platform/web/body.ts';
import type { AppContext, AppEnv } from '../platform/web/frame.ts';
import { show, type Html } from '../platform/web/layout.ts';
import { complaintsOf } from './complain.ts';
import { UnknownService } from './errors.ts';
import { formPage, NO_COMPLAINTS } from './pages.ts';
import { prepare, type Prepared } from './prepare.ts';

/** What the room of a kind of service makes of a submission that the policy permits: the page that thanks for it. */
export interface Receiver {
  receive(c: AppContext, prepared: Prepared): Promise<{ title: string; body: Html; facts: Record<string, unknown> }>;
}

/** Forms for every service of the policy, each handed on to the room of its kind. */
export function collectRoutes(house: House, receivers: ReadonlyMap<string, Receiver>): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get('/services/:service', async (c) => {
    const form = formOf(house.policy().document, c.req.param('service'));
    if (form === undefined || form.fields.length === 0 || !receivers.has(form.kind ?? '')) throw new UnknownService();
    return show(c, label(form.label, c.get('frame').language), formPage(c.get('frame'), form, NO_COMPLAINTS));
  });

  app.post('/services/:service', async (c) => {
    const service = c.req.param('service');
    const frame = c.get('frame');
    const form = formOf(house.policy().document, service);
    const receiver = receivers.get(form?.kind ?? '');
    if (form === undefined || receiver === undefined) throw new UnknownService();
    let kept = new Map<string, string>();
    try {
      kept = await readFields(c);
      const prepared = await prepare(house, frame, service, kept);
      const { title, body } = await receiver.receive(c, prepared);
      return show(c, title, body, 201);
    } catch (error) {
      const complaints = complaintsOf(house, frame, error);
      if (complaints === undefined) throw error;
      return show(c, label(form.label, frame.language), formPage(frame, form, complaints, kept), 422);
    }
  });
  return app;
}
