import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '@troth/policy';
import { Refusal, sayRefusal } from './index.ts';
import { gateHouse, mailing, type GateHouse } from './testing/house.ts';

let house: GateHouse;
beforeAll(async () => {
  house = await gateHouse();
});
afterAll(() => house.close());

const MADE_UP = 'lives_at_5_elm_street';

/** The refusal of a request, as whoever asked gets it. */
async function refusalOf(request: Request, person?: string): Promise<Refusal> {
  const asked = house.gate.ask({ request, ...(person !== undefined && { person }) });
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
}

const looking = (more: Partial<Request> = {}): Request => ({
  action: 'use',
  actor: { kind: 'staff' },
  data: ['email_address'],
  purpose: 'support',
  ...more,
});

/** Bytes of everything that the records hold. */
async function everything(): Promise<string> {
  const bodies = await house.db.selectFrom('ledger_entries').select('body').execute();
  const counted = await house.db.selectFrom('refusal_counts').selectAll().execute();
  return bodies.map(({ body }) => body.toString('latin1')).join() + JSON.stringify(counted);
}

describe('a refusal about a person', () => {
  it.each<[string, Partial<Request>, string, string]>([
    ['no reason', {}, 'needs_reason', 'g-03'],
    ['a purpose that is not granted', { purpose: 'news', facts: { reason: true } }, 'purpose_not_granted', 'g-05'],
    ['a purpose that nobody declared', { purpose: MADE_UP, facts: { reason: true } }, 'undeclared_purpose', ''],
    [
      'a field that nobody declared',
      { data: ['email_address', MADE_UP], facts: { reason: true } },
      'undeclared_data',
      '',
    ],
    ['a recipient that nobody declared', { action: 'share', recipient: MADE_UP }, 'undeclared_recipient', ''],
    ['a service that nobody declared', { service: MADE_UP, facts: { reason: true } }, 'undeclared_service', ''],
    ['a function that nobody declared', { actor: { kind: 'function', function: MADE_UP } }, 'undeclared_function', ''],
  ])('for %s is in the ledger before it is told, with its code', async (_what, more, code, clause) => {
    const person = await house.member();
    const before = await house.counts();
    const refusal = await refusalOf(looking(more), person);
    expect(refusal.decision.findings.map((finding) => finding.code)).toContain(code);
    if (clause !== '') expect(refusal.decision.clauses).toContain(clause);
    const counts = await house.counts();
    expect(counts).toEqual({
      ...before,
      ledger_entries: before['ledger_entries']! + 1,
      ledger_openings: before['ledger_openings']! + 1,
    });
    const entry = (await house.entries()).at(-1)!;
    expect(entry).toMatchObject({
      kind: 'refuse',
      outcome: 'refusal',
      code: refusal.code,
      clauses: refusal.decision.clauses,
    });
    expect(entry.data).toEqual(['email_address']);
    // The person sees it among what was done with their data.
    expect((await house.gate.readings(person))[0]).toMatchObject({ kind: 'refuse', code: refusal.code });
    expect(await everything()).not.toContain(MADE_UP);
  });

  it('names clauses and codes in its message, and no value', async () => {
    const refusal = await refusalOf(looking({ data: [MADE_UP] }), await house.member());
    expect(refusal.message).not.toContain(MADE_UP);
    const consent = await refusalOf(mailing('letters'), await house.member());
    expect(consent.message).toContain('g-04');
    expect(sayRefusal(house.policy.tables, consent, 'en').join(' ')).toContain('g-04');
  });
});

describe('refusals of nobody in particular', () => {
  it('are counted, without a word that nobody declared, and become one entry a kind', async () => {
    const { entries } = house;
    const before = (await entries()).length;
    for (let i = 0; i < 3; i += 1) await refusalOf(looking());
    await refusalOf({
      action: 'collect',
      actor: { kind: 'person' },
      service: 'registration',
      data: ['name', MADE_UP],
      facts: { given: ['name'] },
    });
    await house.gate.countRefusal({ action: 'view', service: '', code: 'not_own', clauses: [], data: [] });
    expect((await entries()).length).toBe(before);
    expect(await everything()).not.toContain(MADE_UP);

    expect(await house.gate.sumRefusals()).toBe(3);
    const sums = (await entries()).slice(before);
    expect(sums.every(({ kind, outcome }) => kind === 'refuse' && outcome === 'refusal')).toBe(true);
    expect(sums.map(({ action, code, count }) => `${action} ${code} ${count}`).toSorted()).toEqual([
      'collect undeclared_data 1',
      'use needs_reason 3',
      'view not_own 1',
    ]);
    expect(sums.every(({ subject }) => Buffer.from(subject).equals(Buffer.alloc(32)))).toBe(true);
    expect(await house.db.selectFrom('refusal_counts').selectAll().execute()).toEqual([]);
    expect(await house.gate.sumRefusals()).toBe(0);
  });

  it('are summed up once, whoever sums', async () => {
    for (let i = 0; i < 20; i += 1)
      await house.gate.countRefusal({ action: 'view', service: '', code: 'not_own', clauses: [], data: [] });
    const before = (await house.entries()).length;
    await Promise.all(Array.from({ length: 5 }, () => house.gate.sumRefusals()));
    const sums = (await house.entries()).slice(before);
    expect(sums.reduce((all, { count }) => all + count, 0)).toBe(20);
  });

  it('about somebody who is gone count as about nobody', async () => {
    const person = await house.member();
    await house.gate.erase(person);
    const before = await house.counts();
    await expect(house.gate.ask({ person, request: mailing('letters') })).rejects.toMatchObject({
      code: 'person-gone',
    });
    expect(await house.counts()).toEqual(before);
    expect(await house.db.selectFrom('refusal_counts').select('code').execute()).toContainEqual({ code: 'not_own' });
    await house.ledger.flush();
    expect((await house.ledger.verify()).findings).toEqual([]);
  });
});
