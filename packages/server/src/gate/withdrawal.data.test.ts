import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEntry } from '../ledger/index.ts';
import { Refusal } from './index.ts';
import { gateHouse, letters, mailing, type GateHouse } from './testing/house.ts';

let house: GateHouse;
beforeAll(async () => {
  house = await gateHouse();
});
afterAll(() => house.close());

/** How long a statement that waits for a lock is given to go through, were it not to wait, in milliseconds. */
const WAIT = 150;
const pause = (ms = WAIT) => new Promise((resolve) => setTimeout(resolve, ms));

/** Entries about a person, as the person's openings tell them, with their ids. */
async function entriesOf(person: string) {
  const rows = await house.db
    .selectFrom('ledger_openings')
    .innerJoin('ledger_entries', 'ledger_entries.id', 'ledger_openings.entry_id')
    .select(['ledger_entries.id', 'ledger_entries.body'])
    .where('person_id', '=', person)
    .orderBy('ledger_entries.id')
    .execute();
  return rows.map(({ id, body }) => ({ id: Number(id), ...decodeEntry(body) }));
}

describe('silence is no consent', () => {
  it('whoever did not agree is not written to, and it is said on which clause', async () => {
    const person = await house.member();
    await expect(house.gate.ask({ person, request: mailing('letters') })).rejects.toMatchObject({
      code: 'no_consent',
      decision: { clauses: expect.arrayContaining(['g-04']) as unknown },
    });
    expect(await house.db.selectFrom('consents').selectAll().where('person_id', '=', person).execute()).toEqual([]);
  });

  it('a caller cannot bring the consent along', async () => {
    const person = await house.member();
    const facts = { consents: [{ purpose: 'letters' }] };
    await expect(house.gate.ask({ person, request: { ...mailing('letters'), facts } })).rejects.toThrow(Refusal);
    // Nor may it be brought for nobody, to be used on somebody.
    await expect(house.gate.ask({ request: { ...mailing('letters'), facts } })).rejects.toThrow(Refusal);
  });

  it('a refusal is no consent, and a later yes is', async () => {
    const person = await house.member();
    await house.gate.answer(person, [letters('refused')]);
    await expect(house.gate.ask({ person, request: mailing('letters') })).rejects.toThrow(Refusal);
    await house.gate.answer(person, [letters('given')]);
    const { permit } = await house.gate.ask({ person, request: mailing('letters') });
    expect(await house.gate.use(permit, 'use', person)).toMatchObject([{ value: 'grace@example.org', masked: false }]);
  });
});

describe('a permit dies with an answer that lands before its effect', () => {
  it('a withdrawal between decision and use', async () => {
    const person = await house.member({ letters: true });
    const { permit } = await house.gate.ask({ person, request: mailing('letters') });
    await house.gate.answer(person, [letters('withdrawn')]);
    const before = await house.counts();
    await expect(house.gate.use(permit, 'use', person)).rejects.toMatchObject({ code: 'no_consent' });
    // Nothing but the refusal itself was written.
    const { ledger_entries: entries = 0, ledger_openings: openings = 0, ...rest } = before;
    expect(await house.counts()).toEqual({ ...rest, ledger_entries: entries + 1, ledger_openings: openings + 1 });
    expect((await entriesOf(person)).map(({ kind }) => kind)).toEqual(['collect', 'consent', 'refuse']);
  });

  it('an objection between decision and use', async () => {
    const person = await house.member();
    const { permit } = await house.gate.ask({ person, request: mailing('news') });
    const answer = {
      kind: 'objection' as const,
      about: 'news',
      recipients: [],
      clause: 'g-05',
      words: 'No news',
      language: 'en',
    };
    await house.gate.answer(person, [{ ...answer, answer: 'given' }]);
    await expect(house.gate.use(permit, 'use', person)).rejects.toThrow(Refusal);
    await expect(house.gate.ask({ person, request: mailing('news') })).rejects.toMatchObject({ code: 'objected' });
  });

  it('an answer between decision and correction, or further collection', async () => {
    const person = await house.member({ letters: true });
    const own = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    const { permit } = await house.gate.ask({ person, request: own });
    const note = {
      action: 'collect' as const,
      actor: { kind: 'staff' as const },
      service: 'registration',
      data: ['secret_note'],
    };
    const { permit: more } = await house.gate.ask({ person, request: note });
    await house.gate.answer(person, [letters('withdrawn')]);
    const before = await house.counts();
    await expect(house.gate.change(permit, person, new Map([['name', 'Eve']]))).rejects.toMatchObject({
      code: 'overtaken',
    });
    const values = [{ field: 'secret_note', value: 'late', clause: 'g-02', purposes: ['membership'] }];
    const late = { from: { person }, service: 'registration', values, answers: [] };
    await expect(house.gate.collect(more, late)).rejects.toMatchObject({ code: 'overtaken' });
    expect(await house.counts()).toEqual(before);
  });
});

describe('in a true race', () => {
  it('a use that comes while a withdrawal is being written waits for it, and is refused', async () => {
    const person = await house.member({ letters: true });
    const { permit } = await house.gate.ask({ person, request: mailing('letters') });
    let settled = false;
    let used: Promise<unknown> = Promise.resolve();
    await house.db.transaction().execute(async (tx) => {
      await house.gateWith({ db: tx }).answer(person, [letters('withdrawn')]);
      used = house.gate.use(permit, 'use', person).catch((error: unknown) => error);
      void used.then(() => (settled = true));
      await pause();
      expect(settled).toBe(false);
    });
    expect(await used).toBeInstanceOf(Refusal);
    expect((await entriesOf(person)).map(({ kind }) => kind)).toEqual(['collect', 'consent', 'refuse']);
  });

  it('a use that comes while a withdrawal is taken back goes through', async () => {
    const person = await house.member({ letters: true });
    const { permit } = await house.gate.ask({ person, request: mailing('letters') });
    let used: Promise<unknown[]> = Promise.resolve([]);
    const undone = house.db.transaction().execute(async (tx) => {
      await house.gateWith({ db: tx }).answer(person, [letters('withdrawn')]);
      used = house.gate.use(permit, 'use', person);
      await pause();
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    expect(await used).toHaveLength(1);
  });

  it('a withdrawal that comes while an effect is being written waits for it, and holds from then on', async () => {
    const person = await house.member({ letters: true });
    const note = {
      action: 'collect' as const,
      actor: { kind: 'staff' as const },
      service: 'registration',
      data: ['secret_note'],
    };
    const { permit } = await house.gate.ask({ person, request: note });
    let answered = false;
    let withdrawal: Promise<void> = Promise.resolve();
    const values = [{ field: 'secret_note', value: 'in time', clause: 'g-02', purposes: ['membership'] }];
    const along = async (): Promise<void> => {
      withdrawal = house.gate.answer(person, [letters('withdrawn')]).then(() => void (answered = true));
      await pause();
      expect(answered).toBe(false);
    };
    await house.gate.collect(permit, { from: { person }, service: 'registration', values, answers: [], along });
    await withdrawal;
    expect((await entriesOf(person)).map(({ kind }) => kind)).toEqual(['collect', 'collect', 'consent']);
    await expect(house.gate.ask({ person, request: mailing('letters') })).rejects.toThrow(Refusal);
  });

  it('among many callers none has an effect after the withdrawal was written', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await house.member({ letters: true });
      let withdrawn = false;
      const outcomes = { opened: 0, refused: 0, openedAfter: 0 };
      const caller = async (): Promise<void> => {
        for (let turn = 0; turn < 6; turn += 1) {
          try {
            const { permit } = await house.gate.ask({ person, request: mailing('letters') });
            await pause(Math.random() * 4);
            const late = withdrawn;
            await house.gate.use(permit, 'use', person);
            outcomes.opened += 1;
            if (late) outcomes.openedAfter += 1;
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            outcomes.refused += 1;
          }
        }
      };
      const withdraw = async (): Promise<void> => {
        await pause(10 + Math.random() * 20);
        await house.gate.answer(person, [letters('withdrawn')]);
        withdrawn = true;
      };
      await Promise.all([...Array.from({ length: 12 }, caller), withdraw()]);
      const entries = await entriesOf(person);
      const landed = entries.find(({ kind }) => kind === 'consent')!.id;
      const uses = entries.filter(({ kind }) => kind === 'use');
      expect(outcomes.openedAfter).toBe(0);
      expect(uses.filter(({ id }) => id > landed)).toEqual([]);
      // Every opening has its entry, and no entry stands for an opening that was refused.
      expect(uses).toHaveLength(outcomes.opened);
      expect(outcomes.opened + outcomes.refused).toBe(72);
      expect(outcomes.refused).toBeGreaterThan(0);
    }
  });

  it('of many answers at once each is kept, and the last holds', async () => {
    const person = await house.member();
    const answers = Array.from({ length: 12 }, (_, i) =>
      i % 2 === 0 ? ('given' as const) : ('withdrawn' as const),
    ).map((answer) => house.gate.answer(person, [letters(answer)]));
    await Promise.all(answers);
    const rows = await house.db
      .selectFrom('consents')
      .select(['answer', 'entry_id'])
      .where('person_id', '=', person)
      .orderBy('entry_id')
      .execute();
    expect(rows).toHaveLength(12);
    const standing = (await house.gate.standing(person))!;
    expect(standing.epoch).toBe(12);
    expect(standing.consents).toEqual(rows.at(-1)!.answer === 'given' ? [{ purpose: 'letters' }] : []);
  });

  it('many effects that come too late at once are all refused, and wait for nothing but each other', async () => {
    const person = await house.member({ letters: true });
    const own = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    // More than there are connections to the database.
    const permits = await Promise.all(
      Array.from({ length: 2 * house.pool.options.max }, () => house.gate.ask({ person, request: own })),
    );
    await house.gate.answer(person, [letters('withdrawn')]);
    const late = permits.map(({ permit }, i) => house.gate.change(permit, person, new Map([['name', `Eve ${i}`]])));
    const outcomes = await Promise.allSettled(late);
    expect(outcomes.map(({ status }) => status)).toEqual(late.map(() => 'rejected'));
  });

  it('and ledger, records and consents agree in the end', async () => {
    await house.ledger.flush();
    expect((await house.ledger.verify()).findings).toEqual([]);
  });
});

describe('an answer stays as it was given', () => {
  it('the database refuses to change one, and a withdrawal is a row of its own', async () => {
    const person = await house.member({ letters: true });
    await house.gate.answer(person, [letters('withdrawn')]);
    const answers = house.db.updateTable('consents').set({ answer: 'given' }).where('person_id', '=', person).execute();
    await expect(answers).rejects.toMatchObject({ code: '23001' });
    const rows = await house.db
      .selectFrom('consents')
      .selectAll()
      .where('person_id', '=', person)
      .orderBy('entry_id')
      .execute();
    expect(rows.map(({ answer }) => answer)).toEqual(['given', 'withdrawn']);
    expect(rows[0]).toMatchObject({
      kind: 'consent',
      about: 'letters',
      clause: 'g-04',
      words: 'May we write you letters?',
      language: 'en',
      policy: house.policy.hash,
      policy_version: '1',
      at: house.clock.now(),
      by: 'person',
    });
  });

  it('nobody answers for somebody who is not there', async () => {
    await expect(house.gate.answer(randomUUID(), [letters('given')])).rejects.toMatchObject({ code: 'person-gone' });
  });
});
