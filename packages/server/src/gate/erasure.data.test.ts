import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentDigest, openingDigest, recordDigest } from '../ledger/index.ts';
import { gateHouse, letters, mailing, type GateHouse } from './testing/house.ts';

let house: GateHouse;
beforeAll(async () => {
  house = await gateHouse();
});
afterAll(() => house.close());

/** The tables of which an erased person leaves nothing. */
const SWEPT = ['records', 'consents', 'cases', 'mails', 'sessions', 'ledger_openings'] as const;

/** A member who has a row in every table. */
async function wholeMember(): Promise<string> {
  const { db, clock } = house;
  const person = await house.member({ letters: true });
  const at = clock.now();
  await db
    .insertInto('sessions')
    .values({ person_id: person, token_hash: Buffer.alloc(32, person), kind: 'member', created_at: at, expires_at: at })
    .execute();
  const mail = {
    mail_id: randomUUID(),
    template: 'prove_email',
    queued_at: at,
    sent_at: null,
    attempts: 0,
    next_at: at,
  };
  await db
    .insertInto('mails')
    .values({ person_id: person, ...mail })
    .execute();
  const state = { service: 'registration', channel: 'web' as const, mailbox: 'x', state: 'received' as const };
  await db
    .insertInto('cases')
    .values({ person_id: person, case_id: randomUUID(), ...state, opened_at: at, changed_at: at })
    .execute();
  return person;
}

async function rowsOf(person: string): Promise<Record<string, number>> {
  const each = await Promise.all(
    SWEPT.map(async (table) => [
      table,
      (await house.db.selectFrom(table).where('person_id', '=', person).select('person_id').execute()).length,
    ]),
  );
  return Object.fromEntries(each) as Record<string, number>;
}

/** Everything that a backup of the records would hold of a person. */
async function copyOf(person: string) {
  const { db } = house;
  return {
    people: await db.selectFrom('people').selectAll().where('person_id', '=', person).execute(),
    records: await db.selectFrom('records').selectAll().where('person_id', '=', person).execute(),
    consents: await db.selectFrom('consents').selectAll().where('person_id', '=', person).execute(),
    openings: await db.selectFrom('ledger_openings').selectAll().where('person_id', '=', person).execute(),
  };
}

/** Brings such a copy back, as a restore does. */
async function bringBack(copy: Awaited<ReturnType<typeof copyOf>>): Promise<void> {
  const { db } = house;
  for (const { person_id: person } of copy.people)
    await db.deleteFrom('people').where('person_id', '=', person).execute();
  await db.insertInto('people').values(copy.people).execute();
  await db.insertInto('records').values(copy.records).execute();
  await db.insertInto('consents').values(copy.consents).execute();
  await db.insertInto('ledger_openings').values(copy.openings).execute();
}

describe('an erased person', () => {
  it('leaves a random id, a time, and entries that name nobody', async () => {
    const person = await wholeMember();
    expect(Object.values(await rowsOf(person)).every((n) => n > 0)).toBe(true);
    const { records, consents, openings } = await copyOf(person);
    const before = (await house.entries()).length;
    expect(await house.gate.erase(person)).toBe(true);
    expect(await rowsOf(person)).toEqual(Object.fromEntries(SWEPT.map((table) => [table, 0])));
    const left = await house.db.selectFrom('people').selectAll().where('person_id', '=', person).executeTakeFirst();
    expect(left?.erased_at).toEqual(house.clock.now());
    expect(await house.keyring.key(person)).toBeUndefined();
    expect(await house.keyring.isErased(person)).toBe(true);

    const entries = (await house.entries()).slice(before);
    expect(entries.map(({ kind }) => kind)).toEqual(['erase', 'sweep']);
    expect(entries[0]!.clauses).toEqual(['g-06']);
    // The sweep lets go of exactly the rows that there were.
    const dropped = entries[1]!.rows.map(({ op, before: digest }) => `${op} ${Buffer.from(digest!).toString('hex')}`);
    const held = [...records.map(recordDigest), ...consents.map(consentDigest), ...openings.map(openingDigest)].map(
      (digest) => `drop ${digest.toString('hex')}`,
    );
    expect(dropped.toSorted()).toEqual(held.toSorted());
    expect(await house.gate.readings(person)).toEqual([]);
  });

  it('is not erased twice, and a stranger not at all', async () => {
    const person = await house.member();
    expect(await house.gate.erase(person)).toBe(true);
    const before = await house.counts();
    expect(await house.gate.erase(person)).toBe(false);
    expect(await house.gate.erase(randomUUID())).toBe(false);
    expect(await house.counts()).toEqual(before);
  });

  it('is in the reach of no effect: not of one decided before, not of a new one', async () => {
    const person = await house.member({ letters: true });
    const own = {
      action: 'correct' as const,
      actor: { kind: 'person' as const },
      data: ['name'],
      facts: { own: true },
    };
    const { permit: toUse } = await house.gate.ask({ person, request: mailing('letters') });
    const { permit: toChange } = await house.gate.ask({ person, request: own });
    const note = {
      action: 'collect' as const,
      actor: { kind: 'staff' as const },
      service: 'registration',
      data: ['secret_note'],
    };
    const { permit: toCollect } = await house.gate.ask({ person, request: note });
    await house.gate.erase(person);
    const before = await house.counts();
    await expect(house.gate.use(toUse, 'use', person)).rejects.toMatchObject({ code: 'person-gone' });
    await expect(house.gate.change(toChange, person, new Map([['name', 'Eve']]))).rejects.toMatchObject({
      code: 'person-gone',
    });
    const values = [{ field: 'secret_note', value: 'late', clause: 'g-02', purposes: ['membership'] }];
    const late = { from: { person }, service: 'registration', values, answers: [] };
    await expect(house.gate.collect(toCollect, late)).rejects.toMatchObject({ code: 'person-gone' });
    await expect(house.gate.answer(person, [letters('withdrawn')])).rejects.toMatchObject({ code: 'person-gone' });
    // Nor may the id be born again.
    const again = { ...late, from: { birth: 'member' as const, person }, values: [] };
    await expect(house.gate.collect(await house.permitToCollect(), again)).rejects.toMatchObject({
      code: 'person-known',
    });
    expect(await house.counts()).toEqual(before);
    await expect(house.gate.ask({ person, request: mailing('letters') })).rejects.toMatchObject({
      code: 'person-gone',
    });
  });

  it('is out of reach even for a process that still has the key at hand', async () => {
    const person = await house.member();
    const { permit } = await house.gate.ask({ person, request: mailing('news') });
    const key = await house.keyring.key(person);
    const late = new Proxy(house.keyring, {
      get: (target, name) => (name === 'key' ? () => Promise.resolve(key) : Reflect.get(target, name, target)),
    });
    await house.gate.erase(person);
    await expect(house.gateWith({ keyring: late }).use(permit, 'use', person)).rejects.toMatchObject({
      code: 'person-gone',
    });
  });
});

describe('whoever is erased while being born', () => {
  it('leaves neither key nor row', async () => {
    const person = randomUUID();
    const values = [{ field: 'name', value: 'Ada', clause: 'g-01', purposes: ['membership'] }];
    const born = house.gate.collect(await house.permitToCollect(), {
      from: { birth: 'member', person },
      service: 'registration',
      values,
      answers: [],
      // Another process erases the person while the rows wait for their commit, which nobody but this transaction can see.
      along: async () => void (await house.gate.erase(person)),
    });
    await expect(born).rejects.toMatchObject({ code: 'person-gone' });
    expect(await rowsOf(person)).toEqual(Object.fromEntries(SWEPT.map((table) => [table, 0])));
    const left = await house.db.selectFrom('people').selectAll().where('person_id', '=', person).executeTakeFirst();
    expect(left?.erased_at).not.toBeNull();
    expect(await house.gate.replayErasures()).toBe(0);
  });
});

describe('an older state of the records', () => {
  it('brings nobody back: replaying erases again, and the ledger agrees', async () => {
    const [gone, stays] = [await house.member({ letters: true }), await house.member()];
    const copy = await copyOf(gone);
    await house.gate.erase(gone);
    await bringBack(copy);
    // The rows are there, and open for nobody even before the replay: the key is what is gone.
    const { permit } = await house.gate.ask({ person: gone, request: mailing('news') });
    await expect(house.gate.use(permit, 'use', gone)).rejects.toMatchObject({ code: 'person-gone' });

    expect(await house.gate.replayErasures()).toBe(1);
    expect(await rowsOf(gone)).toEqual(Object.fromEntries(SWEPT.map((table) => [table, 0])));
    const left = await house.db.selectFrom('people').selectAll().where('person_id', '=', gone).executeTakeFirst();
    expect(left?.erased_at).not.toBeNull();
    expect(await house.gate.replayErasures()).toBe(0);
    const { permit: still } = await house.gate.ask({ person: stays, request: mailing('news') });
    expect(await house.gate.use(still, 'use', stays)).toMatchObject([{ value: 'grace@example.org' }]);
  });

  it('a sweep that was cut short is finished', async () => {
    const person = await house.member({ letters: true });
    const { records, consents } = await copyOf(person);
    await house.gate.erase(person);
    await house.db.insertInto('records').values(records).execute();
    await house.db.insertInto('consents').values(consents).execute();
    await house.gate.replayErasures();
    expect(await rowsOf(person)).toEqual(Object.fromEntries(SWEPT.map((table) => [table, 0])));
  });

  it('a key whose person was never written ends', async () => {
    const [unwritten, written] = [randomUUID(), await house.member()];
    await house.keyring.birth(unwritten, 'member');
    await house.gate.replayErasures();
    expect(await house.keyring.key(unwritten)).toBeUndefined();
    expect(await house.keyring.key(written)).toBeDefined();
  });

  it('a time of erasure that a hand wrote into a row ends nobody’s key', async () => {
    const person = await house.member();
    await house.db.updateTable('people').set({ erased_at: new Date() }).where('person_id', '=', person).execute();
    await expect(house.gate.replayErasures()).rejects.toMatchObject({ code: 'erasure-unnoted' });
    // Nor does one that points at an entry of somebody else's erasure.
    const other = await house.member();
    await house.gate.erase(other);
    const { entry_id } = await house.db
      .selectFrom('people')
      .select('entry_id')
      .where('person_id', '=', other)
      .executeTakeFirstOrThrow();
    await house.db.updateTable('people').set({ entry_id }).where('person_id', '=', person).execute();
    await expect(house.gate.replayErasures()).rejects.toMatchObject({ code: 'erasure-unnoted' });
    expect(await house.keyring.key(person)).toBeDefined();
    await house.db.deleteFrom('people').where('person_id', '=', person).execute();
    await house.keyring.erase(person, new Date());
  });

  it('a keyring with people in it outlives an empty house: nothing ends before the records are restored', async () => {
    const empty = await gateHouse();
    const people = [randomUUID(), randomUUID(), randomUUID()];
    for (const person of people) await empty.keyring.birth(person, 'member');
    await expect(empty.gate.replayErasures()).rejects.toMatchObject({ code: 'stores-apart' });
    for (const person of people) expect(await empty.keyring.key(person)).toBeDefined();
    await empty.close();
  });

  it('rows whose key is nowhere stay as they are', async () => {
    const person = await house.member();
    const stranger = { person_id: randomUUID(), kind: 'member' as const, consent_epoch: 0, entry_id: null };
    await house.db
      .insertInto('people')
      .values({ ...stranger, born_at: house.clock.now(), erased_at: null })
      .execute();
    await house.gate.replayErasures();
    const row = house.db.selectFrom('people').select('erased_at').where('person_id', '=', stranger.person_id);
    expect(await row.executeTakeFirst()).toEqual({ erased_at: null });
    expect(await house.keyring.key(person)).toBeDefined();
  });

  it('records of another house are not touched', async () => {
    const strangers = Array.from({ length: 21 }, () => ({ person_id: randomUUID(), kind: 'member' as const }));
    const born = { consent_epoch: 0, born_at: house.clock.now(), erased_at: null };
    await house.db
      .insertInto('people')
      .values(strangers.map((stranger) => ({ ...stranger, ...born })))
      .execute();
    const before = await house.counts();
    await expect(house.gate.replayErasures()).rejects.toMatchObject({ code: 'stores-apart' });
    expect(await house.counts()).toEqual(before);
    const alive = await house.db.selectFrom('people').select('person_id').where('erased_at', 'is', null).execute();
    expect(alive.length).toBeGreaterThanOrEqual(21);
  });
});
