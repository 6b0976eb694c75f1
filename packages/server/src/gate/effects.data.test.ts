import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyring } from '../vault/index.ts';
import type { Collection } from './index.ts';
import { gateHouse, mailing, type GateHouse } from './testing/house.ts';

let house: GateHouse;
beforeAll(async () => {
  house = await gateHouse();
});
afterAll(() => house.close());

const value = (field: string, text: string) => ({ field, value: text, clause: 'g-01', purposes: ['membership'] });

function registration(person = randomUUID(), more: Partial<Collection> = {}): Collection {
  return {
    from: { birth: 'member', person },
    service: 'registration',
    values: [value('name', 'Ada'), value('email_address', 'ada@example.org')],
    answers: [],
    ...more,
  };
}

describe('a permit is good for what was decided, and for nothing beside it', () => {
  it('for its fields and its service', async () => {
    const before = await house.counts();
    const otherField = registration(undefined, { values: [value('industry', 'wood')] });
    await expect(house.gate.collect(await house.permitToCollect(), otherField)).rejects.toThrow(/permit names/);
    const otherService = registration(undefined, { service: 'profile' });
    await expect(house.gate.collect(await house.permitToCollect(), otherService)).rejects.toThrow(/permit names/);
    expect(await house.counts()).toEqual(before);
  });

  it('for its person', async () => {
    const [one, other] = [await house.member(), await house.member()];
    const { permit } = await house.gate.ask({ person: one, request: mailing('news') });
    await expect(house.gate.use(permit, 'use', other)).rejects.toMatchObject({ code: 'permit-exceeded' });
    const view = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    const { permit: correct } = await house.gate.ask({ person: one, request: view });
    await expect(house.gate.change(correct, other, new Map([['name', 'Eve']]))).rejects.toMatchObject({
      code: 'permit-exceeded',
    });
  });

  it('for its action', async () => {
    const person = await house.member();
    const { permit } = await house.gate.ask({ person, request: mailing('news') });
    await expect(house.gate.use(permit, 'view', person)).rejects.toMatchObject({ code: 'permit-invalid' });
    const { permit: again } = await house.gate.ask({ person, request: mailing('news') });
    await expect(house.gate.change(again, person, new Map())).rejects.toMatchObject({ code: 'permit-invalid' });
  });

  it('once, and for half a minute', async () => {
    const person = await house.member();
    const { permit } = await house.gate.ask({ person, request: mailing('news') });
    expect(await house.gate.use(permit, 'use', person)).toHaveLength(1);
    await expect(house.gate.use(permit, 'use', person)).rejects.toMatchObject({ code: 'permit-invalid' });
    const { permit: late } = await house.gate.ask({ person, request: mailing('news') });
    house.clock.advance(30_001);
    await expect(house.gate.use(late, 'use', person)).rejects.toMatchObject({ code: 'permit-invalid' });
    const { permit: intime } = await house.gate.ask({ person, request: mailing('news') });
    house.clock.advance(30_000);
    expect(await house.gate.use(intime, 'use', person)).toHaveLength(1);
  });

  it('a correction changes the permitted fields, or refuses the whole', async () => {
    const person = await house.member();
    const before = await house.counts();
    const request = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    const { permit } = await house.gate.ask({ person, request });
    const both = new Map([
      ['name', 'Grace B. Hopper'],
      ['email_address', 'elsewhere@example.org'],
    ]);
    await expect(house.gate.change(permit, person, both)).rejects.toMatchObject({ code: 'permit-exceeded' });
    expect(await house.counts()).toEqual(before);
  });
});

describe('the key precedes the record', () => {
  /** A keyring with one verb exchanged. */
  function keyringWith(birth: Keyring['birth']): Keyring {
    return new Proxy(house.keyring, {
      get(target, name) {
        if (name === 'birth') return birth;
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === 'function' ? (found.bind(target) as unknown) : found;
      },
    });
  }

  it('it is durable before a row is written', async () => {
    const person = randomUUID();
    const seen: unknown[] = [];
    const keyring = keyringWith(async (born, kind) => {
      const key = await house.keyring.birth(born, kind);
      seen.push((await house.keyring.key(person)) !== undefined);
      seen.push(await house.db.selectFrom('people').where('person_id', '=', person).selectAll().execute());
      return key;
    });
    await house.gateWith({ keyring }).collect(await house.permitToCollect(), registration(person));
    expect(seen).toEqual([true, []]);
  });

  it('where it cannot be made, nothing is written', async () => {
    const before = await house.counts();
    const gate = house.gateWith({ keyring: keyringWith(() => Promise.reject(new Error('the disk is full'))) });
    await expect(gate.collect(await house.permitToCollect(), registration())).rejects.toThrow('the disk is full');
    expect(await house.counts()).toEqual(before);
  });
});

describe('effect and evidence are one', () => {
  /** Makes every write to a table fail, as a fault in the middle of the statement would. */
  async function breaking(table: string, act: () => Promise<void>): Promise<void> {
    await sql`create function break_it() returns trigger language plpgsql as $$ begin raise exception 'broken midway'; end $$`.execute(
      house.db,
    );
    await sql`create trigger break_it before insert or update on ${sql.table(table)} for each row execute function break_it()`.execute(
      house.db,
    );
    try {
      await act();
    } finally {
      await sql`drop function break_it cascade`.execute(house.db);
    }
  }

  it.each(['people', 'records', 'ledger_entries', 'ledger_openings'])(
    'a registration whose write to %s fails leaves nothing',
    async (table) => {
      const before = await house.counts();
      await breaking(table, async () => {
        await expect(house.gate.collect(await house.permitToCollect(), registration())).rejects.toThrow(
          'broken midway',
        );
      });
      expect(await house.counts()).toEqual(before);
    },
  );

  it('a registration whose room fails leaves nothing', async () => {
    const before = await house.counts();
    const failing = registration(undefined, { along: () => Promise.reject(new Error('the room failed')) });
    await expect(house.gate.collect(await house.permitToCollect(), failing)).rejects.toThrow('the room failed');
    expect(await house.counts()).toEqual(before);
  });

  it('a look that cannot be written down opens nothing', async () => {
    const person = await house.member();
    const before = await house.counts();
    for (const table of ['ledger_entries', 'ledger_openings']) {
      const { permit } = await house.gate.ask({ person, request: mailing('news') });
      await breaking(table, async () => {
        await expect(house.gate.use(permit, 'use', person)).rejects.toThrow('broken midway');
      });
    }
    expect(await house.counts()).toEqual(before);
  });

  it('a correction and a consent that cannot be written down do not happen', async () => {
    const person = await house.member();
    const rows = () =>
      house.db.selectFrom('records').selectAll().where('person_id', '=', person).orderBy('field').execute();
    const [before, records] = [await house.counts(), await rows()];
    const request = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    const { permit } = await house.gate.ask({ person, request });
    await breaking('ledger_openings', async () => {
      await expect(house.gate.change(permit, person, new Map([['name', 'Eve']]))).rejects.toThrow('broken midway');
    });
    await breaking('consents', async () => {
      const answer = {
        kind: 'objection' as const,
        about: 'news',
        recipients: [],
        clause: 'g-05',
        words: 'No news',
        language: 'en',
      };
      await expect(house.gate.answer(person, [{ ...answer, answer: 'given' }])).rejects.toThrow('broken midway');
    });
    expect(await house.counts()).toEqual(before);
    expect(await rows()).toEqual(records);
    expect((await house.gate.standing(person))?.epoch).toBe(0);
  });

  it('and whatever happened above, ledger and rows agree', async () => {
    await house.ledger.flush();
    const verdict = await house.ledger.verify();
    expect(verdict.findings).toEqual([]);
  });
});
