// Commands on a house, beside its live server and without one: one house, in the order in which its operator might do these things.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Client } from '../../../tests/harness/client.ts';
import { newMember, PASSWORD, type Member } from '../../../tests/harness/people.ts';
import { ROOT, startServer, troth, type Server } from '../../../tests/harness/server.ts';
import { openHouse } from '../../server/src/house.ts';
import { acquireLock, isLocked } from '../../server/src/platform/lock.ts';
import { silentLog } from '../../server/src/platform/log.ts';
import { attachPostgres } from '../../server/src/platform/postgres/index.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const scratch = mkdtempSync(join(tmpdir(), 'troth-cli-'));
// Not inside it: the database's user must be able to reach this one.
const data = mkdtempSync(join(tmpdir(), 'troth-cli-house-'));
const backupFile = join(scratch, 'records.backup');
let server: Server;
let kept: Member;
let erased: Member;

const run = (...args: string[]): ReturnType<typeof troth> => troth([...args, '--data', data]);

beforeAll(async () => {
  server = await startServer({ data });
  [kept, erased] = [await newMember(server), await newMember(server)];
});
afterAll(async () => {
  await server.end();
  rmSync(scratch, { recursive: true, force: true });
});

describe('beside a live server', () => {
  it('adds an operator, who sets a password by the link and signs in', async () => {
    const { status, stdout, stderr } = run('people', 'add-operator', '--email', 'op.marker@example.org');
    expect(status).toBe(0);
    expect(stderr).not.toContain('marker');
    const link = new URL(stdout.trim());
    expect(link.origin).toBe(server.url);
    const client = new Client(server.url);
    const set = await client.form('/set-password', { token: link.searchParams.get('token')!, password: PASSWORD });
    expect([set.status, set.headers.get('location')]).toEqual([303, '/staff/sign-in']);
    expect(
      (await client.api('POST', '/api/staff/session', { id: 'op.marker@example.org', password: PASSWORD })).status,
    ).toBe(200);
    const again = run('people', 'add-operator', '--email', 'op.marker@example.org');
    expect([again.status, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(/^error: expected a new operator; that address is an operator already\nhint: .*\n$/);
  });

  it('refuses an operator without a fit password or address', () => {
    const short = troth(
      ['people', 'add-operator', '--email', 'short.marker@example.org', '--password-stdin', '--data', data],
      'short\n',
    );
    expect([short.status, short.stderr]).toEqual([2, expect.stringContaining('at least 12 characters')]);
    const none = run('people', 'add-operator', '--email', 'nobody');
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/e-mail address such as/)]);
    expect(none.stderr).not.toContain('nobody');
  });

  it('writes a backup, never over a file', () => {
    const { status, stdout } = run('backup', backupFile);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^wrote \d+ rows \(\d+ bytes\) to .*, with the ledger up to entry \d+\n$/),
    ]);
    expect(statSync(backupFile).mode & 0o777).toBe(0o600);
    expect(run('backup', backupFile)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('expected the name of a new file'),
    });
    const keyring = join(scratch, 'keyring.copy');
    expect(run('backup', '--keyring', keyring).status).toBe(0);
    expect(readFileSync(keyring).subarray(0, 6).toString()).toBe('SQLite');
    rmSync(keyring);
    expect(JSON.parse(run('backup', join(scratch, 'second.backup'), '--json').stdout)).toMatchObject({
      rows: expect.any(Number),
    });
  });

  it('erases a person at once: sessions, sign-in, address; and says how much, not whom', async () => {
    expect((await erased.client.get('/api/me')).status).toBe(200);
    const asked = run('people', 'erase', '--email', erased.email);
    expect([asked.status, asked.stdout]).toEqual([2, '']);
    expect((await erased.client.get('/api/me')).status).toBe(200);
    const { status, stdout, stderr } = run('people', 'erase', '--email', erased.email, '--yes');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^erased 1 person: \d+ values, \d+ answers?, 0 messages, 1 session, \d+ letters?\n$/);
    expect((await erased.client.get('/api/me')).status).toBe(401);
    const signIn = await new Client(server.url).api('POST', '/api/session', { id: erased.email, password: PASSWORD });
    expect(signIn.json.code).toBe('sign-in-wrong');
    expect((await kept.client.get('/api/me')).status).toBe(200);
    const unknown = run('people', 'erase', '--email', erased.email, '--yes');
    expect(unknown).toEqual({
      status: 1,
      stdout: '',
      stderr: 'error: expected a person of this house; there is none by that\nhint: nothing was erased\n',
    });
    expect(run('people', 'erase', '--id', erased.id, '--yes')).toEqual({
      status: 0,
      stdout: 'was erased before\n',
      stderr: '',
    });
  });

  it('erases whoever sent a message, by its reference', async () => {
    const visitor = new Client(server.url);
    const { json: form } = await visitor.get('/api/services/question');
    const fields = Object.fromEntries(
      form.fields.map(({ data, input }: { data: string; input: string }) => [
        data,
        input === 'email' ? 'asks.marker@example.org' : 'A marker question',
      ]),
    );
    const sent = await visitor.api('POST', '/api/services/question', { ...fields, acknowledged: true });
    expect(sent.status).toBe(201);
    const { reference } = sent.json as { reference: string };
    const { status, stdout } = run(
      'people',
      'erase',
      '--reference',
      reference.toLowerCase().replaceAll('-', ' '),
      '--yes',
      '--json',
    );
    expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ people: 1, messages: 1 })]);
    expect((await visitor.api('POST', '/api/follow', { reference })).status).toBe(404);
  });

  it('verifies the ledger, and its public files alone', async () => {
    const { status, stdout, stderr } = run('ledger', 'verify');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^ledger {2}.*\nsize {4}\d+ entries.*\nroot {4}\S{44}\nsigned {2}20\d\d-.*Z\nmirror {2}\d+ entries\nrows {4}\d+ records, .*\nit holds\n$/,
    );
    const key = (await new Client(server.url).get('/ledger/key')).text.trim();
    const mirror = join(scratch, 'mirror');
    cpSync(join(data, 'ledger'), mirror, { recursive: true });
    const offline = (...more: string[]): ReturnType<typeof troth> =>
      troth(['ledger', 'verify', '--mirror', mirror, '--key', key, ...more]);
    expect(offline()).toMatchObject({ status: 0, stdout: expect.stringMatching(/it holds\n$/) });
    expect(offline('--since', join(mirror, 'checkpoint')).status).toBe(0);
    expect(JSON.parse(offline('--json').stdout)).toMatchObject({ ok: true, findings: [] });
    const checkpoint = readFileSync(join(mirror, 'checkpoint'), 'utf8');
    writeFileSync(join(mirror, 'checkpoint'), checkpoint.replace(/\n\d+\n/, '\n1\n'));
    expect(offline()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^found {3}mirror-signature: /m) });
    expect(troth(['ledger', 'verify', '--mirror', mirror])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--key VKEY'),
    });
    expect(troth(['ledger', 'verify', '--mirror', mirror, '--key', 'nonsense']).status).toBe(2);
  });

  it('restores nothing under a running server', () => {
    expect(run('restore', backupFile)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: expected no server on .*\nhint: stop it first\n$/),
    });
  });
});

describe('without a server', () => {
  beforeAll(async () => {
    expect(await server.stop()).toBe(0);
  });

  it('verifies, and leaves no database running', () => {
    expect(run('ledger', 'verify')).toMatchObject({ status: 0, stderr: '' });
    expectNothingRuns();
  });

  it('waits for another command instead of running into it', async () => {
    const both = await Promise.all([1, 2].map(() => ending('ledger', 'verify')));
    expect(both).toEqual([0, 0]);
    expectNothingRuns();
  });

  it.each([0, 200, 450])('puts everything away when it is interrupted after %i ms', async (pause) => {
    const child = spawn(join(ROOT, 'troth'), ['ledger', 'verify', '--data', data], { cwd: ROOT, stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (!isLocked(realpathSync(data)) && child.exitCode === null) await wait(20);
    await wait(pause);
    // On a quick machine it may be done before; then there is nothing to interrupt.
    const interrupted = child.kill('SIGINT');
    expect([130, ...(interrupted && pause === 0 ? [] : [0])]).toContain((await ended)[0]);
    expectNothingRuns();
  });

  it('erases nobody by a wrong directory', () => {
    const nowhere = troth(['people', 'erase', '--email', kept.email, '--yes', '--data', join(scratch, 'nowhere')]);
    expect(nowhere).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: expected a data directory that \.\/start has made/),
    });
    expect(existsSync(join(scratch, 'nowhere'))).toBe(false);
    expect(troth(['ledger', 'verify', '--data', join(scratch, 'nowhere')]).status).toBe(2);
  });

  it('restores no damaged backup', () => {
    const damaged = join(scratch, 'damaged.backup');
    writeFileSync(damaged, readFileSync(backupFile).subarray(0, 1_500));
    expect(run('restore', damaged)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*damaged\.backup: expected /),
    });
    expect(run('restore', join(scratch, 'missing'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no such file'),
    });
    expect(run('ledger', 'verify').status).toBe(0);
  });

  it('restores the records, erases again whom they bring back, and carries the ledger on', () => {
    const before = JSON.parse(run('ledger', 'verify', '--json').stdout) as { size: number };
    const { status, stdout } = run('restore', backupFile);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^restored \d+ rows of 20.*Z\nledger: [1-9]\d* entries put back from the mirror, \d+ in all; .*\nerased again: 1 person /,
    );
    expectNothingRuns();
    const after = JSON.parse(run('ledger', 'verify', '--json').stdout) as { size: number; ok: boolean };
    expect(after).toMatchObject({ ok: true, findings: [] });
    expect(after.size).toBeGreaterThan(before.size);
  });

  it('adds an operator, with the path of the link alone', () => {
    const { status, stdout } = run('people', 'add-operator', '--email', 'offline.marker@example.org');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\/set-password\?token=[\w-]{43}\n$/)]);
    expect(run('people', 'erase', '--operator', '--email', 'offline.marker@example.org', '--yes').stdout).toMatch(
      /^erased 1 person/,
    );
  });

  it('has the server that starts then forget nothing of this', async () => {
    server = await startServer({ data });
    const signIn = (id: string): ReturnType<Client['api']> =>
      new Client(server.url).api('POST', '/api/session', { id, password: PASSWORD });
    expect((await signIn(kept.email)).status).toBe(200);
    expect((await signIn(erased.email)).json.code).toBe('sign-in-wrong');
  });

  it('finds a row that somebody edited by hand, and says which', async () => {
    const postgres = attachPostgres(realpathSync(data))!;
    const client = new pg.Client({ host: postgres.host, port: postgres.port, user: 'troth', database: 'troth' });
    await client.connect();
    const { rows } = await client.query(
      `update records set purposes = '{anything}' where person_id = $1 and field = 'name' returning record_id`,
      [kept.id],
    );
    await client.end();
    const { status, stdout } = run('ledger', 'verify');
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`^found   row-edited: .*row ${rows[0].record_id}, field name`, 'm'));
    expect(stdout).toMatch(/it does not hold: \d+ findings?\n$/);
    expect(stdout).not.toContain(kept.email);
  });
});

it('is heard by the server at once, so that no key stays in its memory', async () => {
  await server.stop();
  const root = realpathSync(data);
  const lock = acquireLock(root);
  const policy = join(ROOT, 'policies/made-in-china/policy.md');
  const house = await openHouse({
    data: root,
    policy,
    mode: 'serve',
    production: false,
    log: silentLog,
    databaseUrl: undefined,
    keyringDatabaseUrl: undefined,
    rootKey: undefined,
  });
  lock.tell({ pid: process.pid, urls: [] });
  try {
    const forget = vi.spyOn(house.keyring, 'forget');
    expect(await house.keyring.key(kept.id)).toBeDefined();
    expect(await ending('people', 'erase', '--id', kept.id, '--yes')).toBe(0);
    expect(forget).toHaveBeenCalledWith(kept.id);
    expect(await house.keyring.key(kept.id)).toBeUndefined();
  } finally {
    await house.close();
    lock.release();
  }
});

function expectNothingRuns(): void {
  const root = realpathSync(data);
  expect([isLocked(root), attachPostgres(root)]).toEqual([false, undefined]);
}

/** Runs a command while this process goes on. */
async function ending(...args: string[]): Promise<number | null> {
  const child = spawn(join(ROOT, 'troth'), [...args, '--data', data], { cwd: ROOT, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code as number | null;
}
