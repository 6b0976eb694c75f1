import { expect, it, vi } from 'vitest';
import { troth } from '../../../tests/harness/server.ts';
import { nearest } from './nearest.ts';

// Each command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const COMMANDS = [
  'check',
  'decide',
  'clauses',
  'ledger verify',
  'backup',
  'restore',
  'people add-operator',
  'people erase',
];

it('lists every command, and tells of each what it takes and how it ends', () => {
  const { status, stdout, stderr } = troth(['--help']);
  expect([status, stderr]).toEqual([0, '']);
  for (const name of COMMANDS) {
    expect(stdout).toContain(`  ${name} `);
    const help = troth([...name.split(' '), '--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain(`Usage: ./troth ${name}`);
    expect(help.stdout).toContain('Exit codes: 0 ');
  }
  expect(troth(['ledger', '--help']).stdout).toContain('ledger verify');
  expect(troth(['help', 'people', 'erase']).stdout).toContain('Usage: ./troth people erase');
  expect(troth(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each([
  [[], 'error: expected a command; came none\nhint: ./troth --help\n'],
  [['chekc'], 'error: expected a command; came "chekc"\nhint: did you mean ./troth check?\n'],
  [['xyzzyxyzzy'], 'error: expected a command; came "xyzzyxyzzy"\nhint: ./troth --help lists the commands\n'],
  [
    ['people', 'add-operatr'],
    'error: expected a command; came "people" and no command of it\nhint: did you mean ./troth people add-operator?\n',
  ],
  [['jane@example.com'], 'error: expected a command; came something else\nhint: ./troth --help lists the commands\n'],
  [['constructor'], 'error: expected a command; came "constructor"\nhint: ./troth --help lists the commands\n'],
  [['check'], 'error: expected at least one FILE; came none\nhint: ./troth check --help\n'],
  [['check', 'a', '--jsno'], 'error: expected options that it has; there is no --jsno\nhint: ./troth check --help\n'],
  [['check', 'a', '--json', '--json'], 'error: expected --json once; it came twice\nhint: ./troth check --help\n'],
  [
    ['backup', 'a', '--data'],
    'error: expected options that it has; --data came with a value too many, or without its value\nhint: ./troth backup --help\n',
  ],
  [
    ['ledger', 'verify', '--data='],
    'error: expected a value for --data; it is empty\nhint: ./troth ledger verify --help\n',
  ],
])('%j is wrong usage, and says what is right', (args, said) => {
  expect(troth(args)).toEqual({ status: 2, stdout: '', stderr: said });
});

it('never repeats a word that may be an address', () => {
  const { status, stderr } = troth(['people', 'erase', 'jane.doe@example.com', '--yes']);
  expect(status).toBe(2);
  expect(stderr).not.toContain('jane');
});

it('finds the nearest name only where one is near', () => {
  expect(nearest('restroe', COMMANDS)).toBe('restore');
  expect(nearest('ledger verfy', COMMANDS)).toBe('ledger verify');
  expect(nearest('x', COMMANDS)).toBeUndefined();
});
