import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import { prepareDirectories } from '../directories.ts';
import { attachPostgres, isRunning } from './attach.ts';
import { endPostmaster, isAlive, isOurs, readPostmaster } from './postmaster.ts';
import { startPostgres } from './start.ts';

let root: string;
let data: string;
beforeAll(() => {
  root = prepareDirectories(mkdtempSync(join(tmpdir(), 'troth-pg-'))).root;
  data = join(root, 'records', 'pg');
});
afterAll(async () => {
  const left = readPostmaster(data);
  if (left !== undefined && isOurs(left, data)) await endPostmaster(left.pid);
  rmSync(root, { recursive: true, force: true });
});

describe('the embedded database', () => {
  it('starts, is found by a command beside it, is durable and reached by its socket alone, and stops', async () => {
    expect(isRunning(root)).toBe(false);
    const open = await openDatabase({ root });
    const beside = attachPostgres(root)!;
    expect(beside.pid).toBe(readPostmaster(data)!.pid);
    const { rows } = await open.pool
      .query(`select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
      current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
      (select rolsuper from pg_roles where rolname = current_user) as super`);
    expect(rows).toEqual([{ fsync: 'on', checksums: 'on', addresses: '', encoding: 'UTF8', super: false }]);
    expect(statSync(beside.host).mode & 0o777).toBe(0o700);
    // A command that was beside it goes without taking it along.
    await beside.stop();
    expect(isRunning(root)).toBe(true);
    await open.stop();
    expect(isRunning(root)).toBe(false);
    expect(isAlive(beside.pid)).toBe(false);
  });

  it('keeps what people say out of its log, also when a statement fails', async () => {
    const open = await openDatabase({ root });
    const client = new pg.Client({ connectionString: open.url });
    await client.connect();
    await client.query('create temp table t (mail text unique, n integer)');
    const insert = 'insert into t (mail) values ($1)';
    await client.query(insert, ['wang@secret.example']);
    await expect(client.query(insert, ['wang@secret.example'])).rejects.toMatchObject({ code: '23505' });
    await expect(client.query("select 'wang@secret.example'::integer")).rejects.toMatchObject({ code: '22P02' });
    await expect(client.query('select $1::integer', ['wang@secret.example'])).rejects.toMatchObject({ code: '22P02' });
    await client.end();
    await open.stop();
    const logs = readdirSync(join(root, 'records', 'log')).map((name) =>
      readFileSync(join(root, 'records', 'log', name), 'utf8'),
    );
    expect(logs.join('')).toContain('database system is ready');
    expect(logs.join('')).not.toMatch(/secret\.example|ERROR/);
  });

  it('is ended and started anew after its server was killed, with nothing lost', async () => {
    const code = `import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL('../database.ts', import.meta.url)))};
      const open = await openDatabase({ root: ${JSON.stringify(root)} });
      await open.pool.query('create table kept (n integer)');
      await open.pool.query('insert into kept values (42)');
      console.log('ready'); setInterval(() => {}, 1000);`;
    const server = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: dirname(fileURLToPath(import.meta.url)),
    });
    await once(server.stdout, 'data');
    const orphan = readPostmaster(data)!.pid;
    server.kill('SIGKILL');
    await once(server, 'exit');
    expect(isAlive(orphan)).toBe(true);
    const said: string[] = [];
    const open = await openDatabase({ root, progress: (line) => said.push(line) });
    expect(said.join('\n')).toContain('left running');
    expect(isAlive(orphan)).toBe(false);
    expect((await open.pool.query('select n from kept')).rows).toEqual([{ n: 42 }]);
    await open.stop();
  });

  it('recovers when it was killed itself, and says that it ended', async () => {
    const open = await openDatabase({ root });
    await open.pool.query('insert into kept values (43)');
    process.kill(readPostmaster(data)!.pid, 'SIGKILL');
    await open.ended;
    await open.stop();
    const again = await openDatabase({ root });
    expect((await again.pool.query('select count(*)::int as n from kept')).rows).toEqual([{ n: 2 }]);
    await again.stop();
  });

  it('lets a foreign process live whose number an old file names', async () => {
    const stranger = spawn('sleep', ['30'], { stdio: 'ignore' });
    writeFileSync(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n1\n5432\n${root}\n\n\nready\n`);
    expect(isRunning(root)).toBe(false);
    const postgres = await startPostgres({ root });
    expect(isAlive(stranger.pid!)).toBe(true);
    await postgres.stop();
    stranger.kill();
  });

  it('takes a short socket path where the directory has a long one, and leaves nothing behind', async () => {
    const long = join(root, 'x'.repeat(90));
    mkdirSync(long);
    const { root: far } = prepareDirectories(long);
    const postgres = await startPostgres({ root: far });
    expect(postgres.host.startsWith(tmpdir())).toBe(true);
    expect(statSync(postgres.host).mode & 0o777).toBe(0o700);
    expect(attachPostgres(far)?.host).toBe(postgres.host);
    await postgres.stop();
    expect(existsSync(postgres.host)).toBe(false);
  });

  it('refuses records of another version in words', async () => {
    const marker = join(data, 'PG_VERSION');
    const version = readFileSync(marker);
    writeFileSync(marker, '14\n');
    await expect(startPostgres({ root })).rejects.toMatchObject({ code: 'records-of-another-version' });
    writeFileSync(marker, version);
  });
});

it('an address that leads nowhere is an error without the password', async () => {
  const failed = openDatabase({ root, url: 'postgresql://me:geheim@127.0.0.1:1/none' });
  await expect(failed).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.not.stringContaining('geheim'),
  });
});
