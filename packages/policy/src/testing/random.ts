import fc from 'fast-check';
import type { Request } from '../model/request.ts';
import { ACTIONS, ACTORS, BASES, NEEDS } from '../model/words.ts';

// A small world for property tests: a group with two members beside a field of its own, two purposes in a group, two
// recipients in a group, and random rules over all of them.

const DATA = ['a', 'b', 'c', 'g'];
const PURPOSES = ['p', 'q', 'pq'];
const RECIPIENTS = ['r', 's', 'rs'];

const TERMS = {
  data: {
    g: { label: 'g', group: true },
    a: { label: 'a', input: 'text' },
    b: { label: 'b', in: 'g', input: 'text' },
    c: { label: 'c', in: 'g', input: 'text' },
  },
  purposes: { pq: { label: 'pq', group: true }, p: { label: 'p', in: 'pq' }, q: { label: 'q', in: 'pq' } },
  recipients: { rs: { label: 'rs', group: true }, r: { label: 'r', in: 'rs' }, s: { label: 's', in: 'rs' } },
  services: { v: { label: 'v', kind: 'account' }, w: { label: 'w', kind: 'queue' } },
  functions: { f: { label: 'f' }, h: { label: 'h' } },
};

export interface RandomRule {
  readonly verb: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const some = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const grantFields = {
  data: some(DATA),
  for: some(PURPOSES),
  by: rarely(some(ACTORS)),
  functions: rarely(some(['f', 'h'])),
  needs: rarely(some(NEEDS)),
};

/** A rule that grants something, and nothing else. */
export const grantRule: fc.Arbitrary<RandomRule> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('use'),
      body: fc.record({
        ...grantFields,
        basis: maybe(fc.constantFrom(...BASES)),
        object: maybe(fc.constant('any_time')),
        service: rarely(some(['v', 'w'])),
        show: maybe(fc.constantFrom('clear', 'masked')),
      }),
    }),
  },
  fc.record({
    verb: fc.constantFrom('share', 'transfer', 'entrust'),
    body: fc.record({ ...grantFields, to: some(RECIPIENTS), basis: maybe(fc.constantFrom(...BASES)) }),
  }),
  fc.record({
    verb: fc.constant('disclose'),
    body: fc.record({ ...grantFields, to: some(RECIPIENTS), ground: fc.constant('law') }),
  }),
);

export const forbidRule: fc.Arbitrary<RandomRule> = fc.record({
  verb: fc.constant('forbid'),
  body: fc.record({
    actions: fc.oneof(
      { weight: 6, arbitrary: some(['use', 'share', 'disclose']) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, ['all']) },
    ),
    data: fc.oneof({ weight: 6, arbitrary: some(DATA) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    for: fc.oneof({ weight: 3, arbitrary: some(PURPOSES) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    to: maybe(some(RECIPIENTS)),
    by: maybe(some(ACTORS)),
    with: maybe(some(DATA)),
    service: maybe(some(['v', 'w'])),
    unless: maybe(some(['c0', 'c1', 'c2'])),
  }),
});

/** A policy text with these rules, each in a clause of its own: c0, c1, ... */
export function policyOf(rules: readonly RandomRule[]): string {
  const front =
    'policy: random\ntitle: Random\nversion: "1"\ndate: 2026-01-01\nlanguage: en\ncontroller: {name: Nobody}';
  const clauses = rules.map(
    ({ verb, body }, index) => `Clause. {#c${index}}\n\n\`\`\`rule\n${JSON.stringify({ [verb]: body })}\n\`\`\``,
  );
  return `---\n${front}\n---\n\n\`\`\`terms\n${JSON.stringify(TERMS)}\n\`\`\`\n\n${clauses.join('\n\n')}\n`;
}

const facts = fc.record(
  {
    consents: fc.array(
      fc.record(
        { purpose: fc.constantFrom(...PURPOSES, 'x'), recipient: maybe(fc.constantFrom(...RECIPIENTS)) },
        { requiredKeys: ['purpose'] },
      ),
      { maxLength: 2 },
    ),
    objections: fc.array(fc.constantFrom(...PURPOSES), { maxLength: 2 }),
    acknowledged: fc.boolean(),
    own: fc.boolean(),
    reason: fc.boolean(),
    reference: fc.boolean(),
    officer: fc.boolean(),
    necessity: fc.boolean(),
    secure_channel: fc.boolean(),
    given: fc.array(fc.constantFrom(...DATA), { maxLength: 3 }),
    none: fc.array(fc.constantFrom(...DATA), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** A request that has what it takes, as far as it can be known without the rules. */
const likely: fc.Arbitrary<Request> = fc
  .record({
    action: fc.constantFrom('use' as const, 'share' as const, 'disclose' as const),
    actor: fc.constantFrom(
      { kind: 'staff' as const },
      { kind: 'staff' as const },
      { kind: 'function' as const, function: 'f' },
    ),
    data: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'g'), { minLength: 1, maxLength: 2 }),
    purpose: fc.constantFrom('p', 'q', 'pq'),
    service: maybe(fc.constantFrom('v', 'w')),
    recipient: fc.constantFrom('r', 's', 'rs'),
    objections: fc.subarray(PURPOSES, { maxLength: 1 }),
    consents: fc.subarray(PURPOSES),
    missing: rarely(fc.constantFrom(...NEEDS)),
  })
  .map(({ objections, consents, missing, recipient, action, ...rest }) => ({
    ...rest,
    action,
    ...(action === 'use' ? {} : { recipient }),
    facts: {
      objections,
      consents: consents.flatMap((purpose) => [{ purpose }, { purpose, recipient }]),
      ...Object.fromEntries(NEEDS.map((need) => [need, need !== missing])),
    },
  }));

/** A request of any kind, declared or not. */
const wild: fc.Arbitrary<Request> = fc.record(
  {
    action: fc.constantFrom(...ACTIONS, 'use' as const, 'share' as const, 'disclose' as const),
    actor: fc.record(
      { kind: fc.constantFrom(...ACTORS), function: fc.constantFrom('f', 'h', 'x') },
      { requiredKeys: ['kind'] },
    ),
    data: fc.array(fc.constantFrom(...DATA, 'b', 'c', 'x'), { maxLength: 3 }),
    purpose: fc.constantFrom(...PURPOSES, 'p', 'q', 'x'),
    service: fc.constantFrom('v', 'w', 'x'),
    recipient: fc.constantFrom(...RECIPIENTS, 'r', 's', 'x'),
    facts,
  },
  { requiredKeys: ['action', 'actor', 'data'] },
);

/** Any request: some that are likely to pass, some about what is not even declared. */
export const request: fc.Arbitrary<Request> = fc.oneof(
  { weight: 3, arbitrary: likely },
  { weight: 1, arbitrary: wild },
);
