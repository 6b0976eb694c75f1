import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ROOT, troth } from '../../../tests/harness/server.ts';

// Each command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const dir = mkdtempSync(join(tmpdir(), 'troth-check-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const SOUND = readFileSync(join(ROOT, 'policies/haier/policy.md'), 'utf8');

const fileWith = (name: string, content: string | Buffer): string => {
  const file = join(dir, name);
  writeFileSync(file, content);
  return file;
};

it('finds nothing in the policies of this checkout', () => {
  const { status, stdout, stderr } = troth(['check', 'policies/haier/policy.md', 'policies/made-in-china/policy.md']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /haier\/policy\.md: clean \(haier version 1, 20 clauses\)\n.*clean \(made-in-china version 1, 44 clauses\)\n$/,
  );
  expect(troth(['check', 'policies/haier/policy.md', '--json']).stdout).toBe('[]\n');
});

it('tells every problem at once, with file, line, column, code and how to mend it', () => {
  const text = SOUND.replace(
    /^```rule\n/m,
    '```rule\nuse: {data: undeclared_thing, for: nothing, basis: contract}\n',
  ).replace(/\{#haier-05\}/, '');
  const file = fileWith('wrong.md', text);
  const { status, stdout, stderr } = troth(['check', file]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/: \d+ errors, \d+ warnings?\n$/);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length % 2).toBe(0);
  for (const [i, line] of lines.entries()) {
    if (i % 2 === 1) expect(line).toMatch(/^hint: ./);
    else expect(line).toMatch(/^(error|warning): .*wrong\.md:\d+:\d+: [a-z_]+: ./);
  }
  const found = JSON.parse(troth(['check', file, '--json']).stdout);
  expect(found).toHaveLength(lines.length / 2);
  expect(found.map(({ code }: { code: string }) => code)).toContain('prose_without_id');
  for (const one of found)
    expect(one).toMatchObject({ file, line: expect.any(Number), column: expect.any(Number), mend: expect.any(String) });
});

it('names the line of a term that nobody declared', () => {
  const line = SOUND.split('\n').findIndex((text) => text.includes('{#haier-01}'));
  const text = SOUND.replace(
    /(\{#haier-01\}\n\n```rule\n)[^`]*/,
    '$1use: {data: shoe_size, for: site_operation, basis: contract}\n',
  );
  expect(text).not.toBe(SOUND);
  const found = JSON.parse(troth(['check', fileWith('term.md', text), '--json']).stdout);
  expect(found).toContainEqual(
    expect.objectContaining({ code: 'undeclared_term', line: line + 4, found: expect.stringContaining('shoe_size') }),
  );
});

it.each([
  [
    'missing.md',
    () => join(dir, 'missing.md'),
    2,
    /missing\.md: expected a file that can be read; there is no such file\nhint: /,
  ],
  [
    'a directory',
    () => (mkdirSync(join(dir, 'folder.md')), join(dir, 'folder.md')),
    2,
    /folder\.md: .*it is a directory\nhint: /,
  ],
  [
    'broken YAML',
    () => fileWith('yaml.md', SOUND.replace('policy: haier', 'policy: [haier')),
    1,
    /yaml\.md:\d+:\d+: yaml_syntax: /,
  ],
  [
    'a binary file',
    () => fileWith('binary.md', Buffer.from([80, 75, 3, 4, 0, 0, 255, 254, 10, 0])),
    1,
    /binary\.md:1:\d+: binary_input: /,
  ],
  ['an empty file', () => fileWith('empty.md', ''), 1, /empty\.md:1:1: no_front_matter: /],
  ['an endless device', () => '/dev/zero', 1, /\/dev\/zero:1:1: too_large: /],
  ['50 MB', () => large(50_000_000), 1, /large\.md:1:1: too_large: .*found 50\.0 MB; expected at most 5 MB\nhint: /],
])('refuses %s in words, without a stack', (_what, make, code, said) => {
  const { status, stderr } = troth(['check', make()]);
  expect(status).toBe(code);
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/\n\s+at |Error:/);
});

it('goes on to the other files when one cannot be read, and says so to programs too', () => {
  const { status, stdout } = troth(['check', join(dir, 'nowhere.md'), 'policies/haier/policy.md']);
  expect([status, stdout]).toEqual([2, 'policies/haier/policy.md: clean (haier version 1, 20 clauses)\n']);
  expect(JSON.parse(troth(['check', join(dir, 'nowhere.md'), '--json']).stdout)).toMatchObject([
    { code: 'file-unreadable', level: 'error', line: 1 },
  ]);
});

/** A file of that size that takes no room on the disk. */
function large(bytes: number): string {
  const file = fileWith('large.md', '');
  truncateSync(file, bytes);
  return file;
}
