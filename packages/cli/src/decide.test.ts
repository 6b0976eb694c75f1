import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { eventually, ROOT, troth } from '../../../tests/harness/server.ts';

// Each command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const POLICY = 'policies/made-in-china/policy.md';
const STAFF = { action: 'use', actor: { kind: 'staff' }, data: ['email_address'], purpose: 'partner_marketing' };
const ask = (lines: string, ...args: string[]): { status: number | null; answers: any[]; stderr: string } => {
  const { status, stdout, stderr } = troth(['decide', POLICY, ...args], lines);
  return {
    status,
    stderr,
    answers: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
};

it('answers a line for a line, and the words when asked', () => {
  const undeclared = { ...STAFF, data: ['shoe_size'] };
  const { status, answers, stderr } = ask(`${JSON.stringify(STAFF)}\r\n\n${JSON.stringify(undeclared)}`);
  expect([status, stderr]).toEqual([0, '']);
  expect(answers).toMatchObject([
    { permit: false, clauses: expect.arrayContaining(['mic-28']) },
    { permit: false, code: 'undeclared_data' },
  ]);
  const [explained] = ask(`${JSON.stringify(STAFF)}\n`, '--explain').answers;
  expect(explained.words[0]).toContain('mic-28');
  expect(ask(`${JSON.stringify(STAFF)}\n`, '--explain', '--language', 'zh').answers[0].words[0]).toMatch(
    /[\u4e00-\u9fff]/,
  );
});

it.each([
  ['not JSON', 'nonsense', 'expected a JSON object; this is not JSON'],
  ['a list', '[1]', 'expected an object as the request; came a list'],
  ['null', 'null', 'expected an object as the request; came null'],
  ['a missing part', '{"action":"use","data":[]}', 'expected actor in the request; it is missing'],
  ['an unknown action', JSON.stringify({ ...STAFF, action: 'sell' }), 'expected as action one of collect, use'],
  ['a misspelt fact', JSON.stringify({ ...STAFF, facts: { owns: true } }), 'expected in facts only consents'],
  [
    'a prototype',
    '{"action":"use","actor":{"kind":"staff"},"data":[],"__proto__":{}}',
    'expected in the request only action',
  ],
  [
    'a value of another kind',
    JSON.stringify({ ...STAFF, facts: { consents: [{ purpose: 7 }] } }),
    'expected a text as facts.consents[0].purpose; came a number',
  ],
])('says what is wrong with a line that is %s, and goes on', (_what, line, said) => {
  const { status, answers, stderr } = ask(`${JSON.stringify(STAFF)}\n${line}\n${JSON.stringify(STAFF)}\n`);
  expect([status, stderr]).toEqual([1, '']);
  expect(answers[1]).toEqual({ error: expect.stringContaining(said), line: 2 });
  expect(answers[2]).toEqual(answers[0]);
});

it('passes over a line without end, and one that is not UTF-8', () => {
  const long = `{"data":"${'x'.repeat(3_000_000)}"}`;
  const input = Buffer.concat([
    Buffer.from(`${long}\n`),
    Buffer.from([0x22, 0xff, 0x22, 10]),
    Buffer.from(JSON.stringify(STAFF)),
  ]);
  const { status, stdout } = spawnSync(join(ROOT, 'troth'), ['decide', POLICY], { cwd: ROOT, input, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(
    stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { error: 'expected a line of at most 1000000 bytes; this one is longer', line: 1 },
    { error: 'expected UTF-8; came other bytes', line: 2 },
  ]);
});

it('wants a policy without errors', () => {
  const missing = troth(['decide', 'nowhere.md']);
  expect([missing.status, missing.stdout]).toEqual([2, '']);
  const broken = troth(['decide', 'README.md'].map((word) => (word === 'README.md' ? 'policies/README.md' : word)));
  expect(broken.status).toBe(2);
  expect(broken.stderr).toMatch(/policies\/README\.md:1:1: no_front_matter: .*\nhint: /);
});

it('answers before the input ends, and keeps neither questions nor answers', async () => {
  const child = spawn(join(ROOT, 'troth'), ['decide', POLICY], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  let answered = 0;
  child.stdout.on(
    'data',
    (chunk: Buffer) => (answered += chunk.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0)),
  );
  child.stdin.write(`${JSON.stringify(STAFF)}\n`);
  await eventually(() => answered === 1 || undefined);
  // A reader that stops for a while: what it does not take must not pile up inside.
  child.stdout.pause();
  const lines = 200_000;
  const block = `${JSON.stringify(STAFF)}\n`.repeat(1_000);
  const writing = (async () => {
    for (let i = 0; i < lines / 1_000; i += 1) if (!child.stdin.write(block)) await once(child.stdin, 'drain');
    child.stdin.end();
  })();
  await wait(1_000);
  child.stdout.resume();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memoryOf(child.pid!))), 50);
  await writing;
  const [code] = await once(child, 'close');
  clearInterval(watch);
  expect([code, answered]).toEqual([0, lines + 1]);
  // The answers alone are some 70 MB.
  if (process.platform === 'linux') expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(260_000);
}, 60_000);

it('ends quietly when its reader has seen enough', () => {
  const many = `${JSON.stringify(STAFF)}\n`.repeat(20_000);
  const command = `./troth decide ${POLICY} | head -n 1 >/dev/null; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: ROOT, input: many, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

/** The most memory that a process ever had, in kB. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
