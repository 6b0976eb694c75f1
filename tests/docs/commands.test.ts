import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readOptions } from '../../packages/server/src/platform/options.ts';
import { ROOT, troth } from '../harness/server.ts';
import { commandsOf, snippets } from './snippets.ts';

const commands = snippets()
  .filter(({ language }) => language === 'sh')
  .flatMap((snippet) => commandsOf(snippet).map((command) => ({ command, at: `${snippet.file}:${snippet.line}` })));

/** The words of a command from one of ours on, up to a pipe or a redirection. */
function words(command: string, name: string): string[] | undefined {
  const found = new RegExp(`(?:^|[\\s|])\\./${name}((?:\\s+[^|<>&;]+)?)`).exec(command);
  return found?.[1]!
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
}

it('names only options of ./start that it takes', () => {
  const starts = commands.filter(({ command }) => words(command, 'start') !== undefined);
  expect(starts.length).toBeGreaterThan(0);
  for (const { command, at } of starts) {
    expect(() => readOptions(words(command, 'start')!, {}, ROOT), `${at}: ${command}`).not.toThrow();
  }
});

it('names only commands and options of ./troth that there are', () => {
  const helps = new Map<string, string>();
  for (const { command, at } of commands) {
    const given = words(command, 'troth');
    if (given === undefined || given[0]?.startsWith('-')) continue;
    const name = given.slice(0, ['ledger', 'people'].includes(given[0]!) ? 2 : 1);
    const key = name.join(' ');
    if (!helps.has(key)) {
      const help = troth([...name, '--help']);
      expect(help.status, `${at}: ./troth ${key} --help\n${help.stderr}`).toBe(0);
      helps.set(key, help.stdout);
    }
    for (const option of given.filter((word) => /^--\w/.test(word) && word !== '--help')) {
      expect(helps.get(key), `${at}: ${option} of ./troth ${key}`).toContain(option);
    }
  }
  expect(helps.size).toBeGreaterThan(3);
}, 60_000);

it('names only parts of ./test that there are', () => {
  const files = globSync('{packages,policies,tests,tools,conformance}/**/*.test.ts', { cwd: ROOT });
  for (const { command, at } of commands) {
    for (const word of words(command, 'test') ?? []) {
      const known = ['types', 'lint', 'format'].includes(word) || files.some((file) => file.includes(word));
      expect(known, `${at}: ./test ${word}`).toBe(true);
    }
  }
});
