import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '@troth/policy';
import { decodeEntry, openLedger, type EntryFields, type Ledger } from '../../ledger/index.ts';
import { manualClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { freshDatabase, type TestDatabase } from '../../platform/testing/database.ts';
import { openKeyring, type Keyring } from '../../vault/index.ts';
import type { GateContext, PolicyInForce } from '../context.ts';
import { openGate, type Gate, type NewAnswer, type Permit } from '../index.ts';
import { POLICY_TEXT } from './policy.ts';

const START = new Date('2026-11-22T08:00:00.000Z');

/** A gate on a real database and a real keyring, under a small policy, with a clock that stands still. */
export interface GateHouse extends TestDatabase {
  gate: Gate;
  context: GateContext;
  keyring: Keyring;
  ledger: Ledger;
  clock: ReturnType<typeof manualClock>;
  policy: PolicyInForce;
  /** Another gate on the same records, with some of its parts exchanged. */
  gateWith(parts: Partial<GateContext>): Gate;
  /** Asks for leave to take a registration in. */
  permitToCollect(given?: string[]): Promise<Permit>;
  /** Takes a member in; with `letters` they agree to letters. */
  member(options?: { letters?: boolean }): Promise<string>;
  /** Every entry so far, oldest first, sequenced or not. */
  entries(): Promise<EntryFields[]>;
  /** Rows in every table that an effect writes, to see that none came or went. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** The answer to the question of clause g-04. */
export function letters(answer: NewAnswer['answer']): NewAnswer {
  const words = 'May we write you letters?';
  return { kind: 'consent', about: 'letters', recipients: [], clause: 'g-04', words, language: 'en', answer };
}

/** The request of the mailing function for one purpose. */
export function mailing(purpose: 'letters' | 'news') {
  return {
    action: 'use' as const,
    actor: { kind: 'function' as const, function: 'mailing' },
    data: ['email_address'],
    purpose,
  };
}

export async function gateHouse(): Promise<GateHouse> {
  const database = await freshDatabase();
  const { db } = database;
  const dir = await mkdtemp(join(tmpdir(), 'troth-gate-'));
  const keyring = await openKeyring({ dir });
  const { document, tables } = load(POLICY_TEXT, { file: 'gate-test' });
  const policy = { document: document!, tables: tables!, hash: createHash('sha256').update(POLICY_TEXT).digest() };
  const clock = manualClock(START);
  const ledger = await openLedger({
    db,
    pool: database.pool,
    secretsDir: join(dir, 'secrets'),
    mirrorDir: join(dir, 'ledger'),
    origin: 'gate.test/ledger',
    log: silentLog,
  });
  const context: GateContext = {
    db,
    keyring,
    clock,
    installation: keyring.installation,
    sealer: ledger.sealer,
    policy: () => policy,
  };
  const gate = openGate(context);

  const permitToCollect: GateHouse['permitToCollect'] = async (given = ['name', 'email_address']) => {
    const request = {
      action: 'collect' as const,
      actor: { kind: 'person' as const },
      service: 'registration',
      data: ['name', 'email_address', 'secret_note'],
      facts: { given },
    };
    return (await gate.ask({ request })).permit;
  };
  const member: GateHouse['member'] = async ({ letters: agrees = false } = {}) => {
    const person = randomUUID();
    await gate.collect(await permitToCollect(), {
      from: { birth: 'member', person },
      service: 'registration',
      values: [
        { field: 'name', value: 'Grace Hopper', clause: 'g-01', purposes: ['membership'] },
        { field: 'email_address', value: 'grace@example.org', clause: 'g-01', purposes: ['membership'] },
      ],
      answers: agrees ? [letters('given')] : [],
    });
    return person;
  };
  const entries: GateHouse['entries'] = async () => {
    const rows = await db.selectFrom('ledger_entries').select('body').orderBy('id').execute();
    return rows.map(({ body }) => decodeEntry(body));
  };
  const counts: GateHouse['counts'] = async () => {
    const tables = ['people', 'records', 'consents', 'ledger_entries', 'ledger_openings', 'cases'] as const;
    const each = await Promise.all(
      tables.map(async (table) => {
        const { n } = await db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<string>().as('n'))
          .executeTakeFirstOrThrow();
        return [table, Number(n)] as const;
      }),
    );
    return Object.fromEntries(each);
  };
  const close = async (): Promise<void> => {
    await ledger.stop();
    await keyring.close();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  };
  const gateWith = (parts: Partial<GateContext>): Gate => openGate({ ...context, ...parts });
  return {
    ...database,
    gate,
    context,
    keyring,
    ledger,
    clock,
    policy,
    gateWith,
    permitToCollect,
    member,
    entries,
    counts,
    close,
  };
}
