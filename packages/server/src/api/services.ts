import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { formOf, label, type Form } from '@troth/policy';
import { register } from '../accounts/index.ts';
import { askId, prepare, UnknownService } from '../collect/index.ts';
import { follow, mailboxOf, receiveCase } from '../desks/index.ts';
import type { House } from '../gate/index.ts';
import { fromObject } from '../platform/web/body.ts';
import { problemResponse } from '../platform/problem.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { heldOut } from './answers.ts';
import { endpoint } from './endpoint.ts';
import { Followed, Received, Service, Submission } from './schemas.ts';

/** Forms and submissions. */
export function serviceApi(app: OpenAPIHono<AppEnv>, house: House): void {
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/services',
      summary: 'Every service that takes data, with its fields',
      answer: z.array(Service),
    },
    (c) => {
      const { document } = house.policy();
      const forms = Object.keys(document.terms.services).flatMap((id) => formOf(document, id) ?? []);
      return c.json(
        forms.filter((form) => form.fields.length > 0).map((form) => serviceOut(form, c.get('frame').language)),
        200,
      );
    },
  );

  endpoint(
    app,
    { method: 'get', path: '/api/services/{service}', summary: 'The fields of a service', answer: Service },
    (c) => {
      const form = formOf(house.policy().document, c.req.param('service') ?? '');
      if (form === undefined) throw new UnknownService();
      return c.json(serviceOut(form, c.get('frame').language), 200);
    },
  );

  endpoint(
    app,
    {
      method: 'post',
      path: '/api/services/{service}',
      summary: 'Send what a service asks for',
      body: Submission,
      answer: Received,
      status: 201,
    },
    async (c, body) => {
      const service = c.req.param('service') ?? '';
      const prepared = await prepare(house, c.get('frame'), service, fromObject(body));
      if (prepared.form.kind === 'account') {
        await register(house, prepared);
        return c.json({ received: true as const, next: 'prove_email' }, 201);
      }
      if (prepared.form.kind !== 'queue') throw new UnknownService();
      const reference = await receiveCase(house, prepared);
      return c.json(
        { received: true as const, reference, mailbox: mailboxOf(house, service), deadline: 'none promised' },
        201,
      );
    },
  );

  const byReference = z.object({ reference: z.string().max(100) });
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/follow',
      summary: 'Follow a message by its reference',
      body: byReference,
      answer: Followed,
    },
    async (c, { reference }) => {
      const found = await follow(house, reference);
      if (found === undefined)
        return problemResponse(404, 'unknown-reference', {
          detail: 'expected the reference of a message; came another text',
        });
      const { state, own } = found;
      return c.json(
        { state: state.state, received: state.opened_at.toISOString(), mailbox: state.mailbox, own: own.map(heldOut) },
        200,
      );
    },
  );
}

function serviceOut(form: Form, language: string): z.infer<typeof Service> {
  const tells = form.tells.filter((tell) => tell.acknowledge);
  return {
    service: form.service,
    kind: form.kind,
    label: label(form.label, language),
    fields: form.fields.map((field) => ({
      data: field.data,
      label: label(field.label, language),
      input: field.input,
      required: field.required,
      accept_none: field.acceptNone,
      sensitive: field.sensitive,
      purposes: field.purposes.map(({ id }) => id),
      clause: field.clause,
    })),
    consents: form.asks.map((ask) => ({ id: askId(ask), clause: ask.clause, words: label(ask.words, language) })),
    acknowledge: tells.map((tell) => ({ clause: tell.clause, words: label(tell.words, language) })),
  };
}
