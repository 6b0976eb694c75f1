import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../platform/log.ts';
import { freshDatabase, type TestDatabase } from '../../platform/testing/database.ts';
import { consentDigest, openingDigest, policyVersionDigest, recordDigest, subjectCommitment } from '../digest.ts';
import { encodeEntry, type EntryFields, type RowChange } from '../entry.ts';
import { openLedger, type Ledger } from '../index.ts';

export const POLICY = Buffer.alloc(32, 7);
const AT = new Date('2026-11-22T08:00:00.123Z');

/** A ledger on a database of its own, with the writes that the gate would make. */
export interface LedgerHouse extends TestDatabase {
  ledger: Ledger;
  secretsDir: string;
  mirrorDir: string;
  said: { event: string; code?: unknown }[];
  /** Opens the ledger again, as another start would. */
  reopen(secretsDir?: string, mirrorDir?: string): Promise<Ledger>;
  entry(rows?: RowChange[], fields?: Partial<EntryFields>): Promise<string>;
  record(person?: string, field?: string): Promise<{ person: string; row: string; entry: string; digest: Buffer }>;
  consent(person?: string): Promise<{ person: string; row: string; entry: string; digest: Buffer }>;
  publish(version: string): Promise<void>;
  close(): Promise<void>;
}

export async function ledgerHouse(): Promise<LedgerHouse> {
  const database = await freshDatabase();
  const { db, pool } = database;
  // A connection that a test cuts in the middle of a transaction must not end the test run.
  pool.on('connect', (client) => client.on('error', () => {}));
  const dir = await mkdtemp(join(tmpdir(), 'troth-ledger-'));
  const [secretsDir, mirrorDir] = [join(dir, 'secrets'), join(dir, 'ledger')];
  const said: LedgerHouse['said'] = [];
  const tell = (event: string, fields?: { code?: unknown }): void => void said.push({ event, code: fields?.code });
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const open = (secrets = secretsDir, mirror = mirrorDir) =>
    openLedger({ db, pool, secretsDir: secrets, mirrorDir: mirror, origin: 'troth.test/ledger', log });
  const ledger = await open();

  const entry: LedgerHouse['entry'] = async (rows = [], fields = {}) => {
    const body = encodeEntry({
      kind: 'collect',
      at: AT,
      policy: POLICY,
      outcome: 'permit',
      action: 'collect',
      actor: 'person',
      purpose: 'registration_login',
      service: 'registration',
      recipient: '',
      data: ['email_address'],
      clauses: ['mic-05'],
      code: '',
      count: 1,
      subject: subjectCommitment(randomUUID(), randomBytes(16)),
      rows,
      commitments: [],
      ...fields,
    });
    const { id } = await db
      .insertInto('ledger_entries')
      .values({ body, seal: ledger.sealer.seal(body) })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  };
  const record: LedgerHouse['record'] = async (person = randomUUID(), field = 'email_address') => {
    const row = {
      person_id: person,
      record_id: randomUUID(),
      service: 'registration',
      field,
      case_id: null,
      version: 1,
      clause: 'mic-05',
      purposes: ['registration_login'],
      policy: POLICY,
      collected_at: AT,
      envelope: randomBytes(60),
    };
    const digest = recordDigest(row);
    const sealed = randomBytes(40);
    const opening = openingDigest({ person_id: person, sealed });
    const id = await entry(
      [
        { table: 'records', op: 'put', after: digest },
        { table: 'ledger_openings', op: 'put', after: opening },
      ],
      { data: [field] },
    );
    await db
      .insertInto('records')
      .values({ ...row, entry_id: id })
      .execute();
    await db.insertInto('ledger_openings').values({ person_id: person, entry_id: id, sealed }).execute();
    return { person, row: row.record_id, entry: id, digest };
  };
  const consent: LedgerHouse['consent'] = async (person = randomUUID()) => {
    const row = {
      person_id: person,
      consent_id: randomUUID(),
      kind: 'consent' as const,
      about: 'marketing',
      recipients: ['business_partners'],
      clause: 'mic-26',
      policy: POLICY,
      policy_version: '1',
      words: 'May we write to you?',
      language: 'en',
      answer: 'refused' as const,
      at: AT,
      by: 'person' as const,
      salt: randomBytes(16),
    };
    const digest = consentDigest(row);
    const id = await entry([{ table: 'consents', op: 'put', after: digest }], { kind: 'consent', data: [] });
    await db
      .insertInto('consents')
      .values({ ...row, entry_id: id })
      .execute();
    return { person, row: row.consent_id, entry: id, digest };
  };
  const publish = async (version: string): Promise<void> => {
    const row = { policy_id: 'made-in-china', version, hash: POLICY, source: `# Version ${version}`, published_at: AT };
    const id = await entry([{ table: 'policy_versions', op: 'put', after: policyVersionDigest(row) }], {
      kind: 'publish',
      data: [],
    });
    await db
      .insertInto('policy_versions')
      .values({ ...row, entry_id: id })
      .execute();
  };
  const close = async (): Promise<void> => {
    await ledger.stop();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  };
  return { ...database, ledger, secretsDir, mirrorDir, said, reopen: open, entry, record, consent, publish, close };
}
