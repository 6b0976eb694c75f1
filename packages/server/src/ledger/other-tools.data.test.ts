import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerHouse, type LedgerHouse } from './testing/house.ts';

const run = promisify(execFile);
let house: LedgerHouse;
let dir: string;
let snippets: Map<string, string>;

beforeAll(async () => {
  house = await ledgerHouse();
  for (let i = 0; i < 300; i += 1) await house.entry();
  await house.ledger.flush();
  dir = await mkdtemp(join(tmpdir(), 'troth-tools-'));
  await cp(house.mirrorDir, dir, { recursive: true });
  const page = await readFile(new URL('../../../../docs/reference/ledger.md', import.meta.url), 'utf8');
  snippets = new Map(
    [...page.matchAll(/```(bash|python)\n(.*?)```/gs)].map(([, language, code]) => [language!, code!]),
  );
});
afterAll(async () => {
  await house.close();
  await rm(dir, { recursive: true, force: true });
});

/** The recipes of docs/reference/ledger.md, as an auditor would run them. */
describe('tools of others', () => {
  const has = (tool: string) =>
    run(tool, [tool === 'openssl' ? 'version' : '--version']).then(
      ({ stdout }) => stdout,
      () => '',
    );

  it('verify the signature', async (context) => {
    if (!(await has('openssl')).startsWith('OpenSSL 3')) return context.skip();
    const verify = () =>
      run('bash', ['-ec', snippets.get('bash')!], { cwd: dir, env: { ...process.env, VKEY: house.ledger.vkey } });
    expect((await verify()).stdout).toContain('Signature Verified Successfully');
    const note = await readFile(join(dir, 'checkpoint'), 'utf8');
    await writeFile(join(dir, 'checkpoint'), note.replace('\n300\n', '\n299\n'));
    await expect(verify()).rejects.toThrow();
    await writeFile(join(dir, 'checkpoint'), note);
  });

  it('compute the root', async (context) => {
    if (!(await has('python3')).startsWith('Python 3')) return context.skip();
    const compute = () => run('python3', ['-c', snippets.get('python')!, dir]).then(({ stdout }) => stdout.trim());
    expect(await compute()).toBe('True troth.test/ledger 300');
    const file = join(dir, 'tile/entries/000');
    const bytes = await readFile(file);
    await writeFile(file, bytes.with(50, bytes[50]! ^ 1));
    expect(await compute()).toBe('False troth.test/ledger 300');
  });
});
