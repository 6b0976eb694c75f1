import { z } from '@hono/zod-openapi';

/** The shapes of the API, from which its OpenAPI document is made. */

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    hint: z.string().optional(),
    clauses: z.array(z.string()).optional().openapi({ description: 'clauses of the policy that a refusal stands on' }),
    findings: z.array(z.record(z.string(), z.unknown())).optional(),
  })
  .openapi('Problem', { description: 'RFC 9457' });

export const Submission = z
  .record(z.string(), z.union([z.string().max(20_000), z.number(), z.boolean()]))
  .openapi('Submission', {
    description:
      'declared fields of the service by name; `acknowledged: true`; each ticked consent question by its id, `true`. Any other name is refused.',
  });

export const Received = z
  .object({
    received: z.literal(true),
    reference: z.string().optional(),
    mailbox: z.string().optional(),
    deadline: z.string().optional(),
    next: z.string().optional(),
  })
  .openapi('Received');

export const Credentials = z.object({ id: z.string().max(254), password: z.string().max(1000) }).openapi('Credentials');

export const Field = z
  .object({
    data: z.string(),
    label: z.string(),
    input: z.string(),
    required: z.boolean(),
    accept_none: z.boolean(),
    sensitive: z.boolean(),
    purposes: z.array(z.string()),
    clause: z.string(),
  })
  .openapi('Field');

export const Service = z
  .object({
    service: z.string(),
    kind: z.string(),
    label: z.string(),
    fields: z.array(Field),
    consents: z.array(z.object({ id: z.string(), clause: z.string(), words: z.string() })),
    acknowledge: z.array(z.object({ clause: z.string(), words: z.string() })),
  })
  .openapi('Service');

export const Held = z
  .object({
    field: z.string(),
    value: z.string(),
    masked: z.boolean(),
    service: z.string(),
    clause: z.string(),
    purposes: z.array(z.string()),
    since: z.iso.datetime(),
  })
  .openapi('Held');

export const Reading = z
  .object({
    at: z.iso.datetime(),
    kind: z.string(),
    actor: z.string(),
    action: z.string(),
    purpose: z.string(),
    data: z.array(z.string()),
    clauses: z.array(z.string()),
    code: z.string(),
    reason: z.string().optional(),
    reference: z.string().optional(),
    index: z.number().int().optional(),
    salt: z.string(),
  })
  .openapi('Reading', {
    description: 'an entry of the ledger about you; `salt` and your id open its subject commitment',
  });

export const Choice = z
  .object({ id: z.string(), kind: z.string(), clause: z.string(), words: z.string(), given: z.boolean() })
  .openapi('Choice');

export const Answer = z
  .object({
    kind: z.string(),
    about: z.string(),
    recipients: z.array(z.string()),
    clause: z.string(),
    policy_version: z.string(),
    words: z.string(),
    language: z.string(),
    answer: z.string(),
    at: z.iso.datetime(),
    by: z.string(),
  })
  .openapi('Answer');

export const Me = z
  .object({
    person: z.string(),
    held: z.array(Held),
    readings: z.array(Reading),
    choices: z.array(Choice),
    answers: z.array(Answer),
  })
  .openapi('Me');

export const Correction = z
  .record(z.string(), z.string().max(20_000))
  .openapi('Correction', { description: 'fields to correct by name, and `current_password`' });

export const DeskRead = z
  .object({
    identifier: z.string().max(254).optional(),
    case: z.string().optional(),
    data: z.string().openapi({ description: 'fields, with commas', example: 'email_address' }),
    purpose: z.string().max(100).optional(),
    reason: z.string().max(2000).optional(),
    reference: z.string().max(200).optional(),
  })
  .openapi('DeskRead');

export const DeskMessage = z.record(z.string(), z.string().max(20_000)).openapi('DeskMessage', {
  description: '`service`, `channel` (post or mail, as the policy names it), and fields of the service',
});

export const Case = z
  .object({
    case: z.string(),
    reference: z
      .string()
      .openapi({ description: 'the beginning of the reference that its sender has', example: 'TR-4F7K' }),
    service: z.string(),
    channel: z.string(),
    mailbox: z.string(),
    state: z.string(),
    opened: z.iso.datetime(),
  })
  .openapi('Case');

export const Version = z
  .object({ version: z.string(), published: z.iso.datetime(), sha256: z.string() })
  .openapi('Version');

export const ClauseStatus = z
  .object({ id: z.string(), state: z.string(), verbs: z.array(z.string()) })
  .openapi('ClauseStatus');

export const Followed = z
  .object({ state: z.string(), received: z.iso.datetime(), mailbox: z.string(), own: z.array(Held) })
  .openapi('Followed');
