import { readFileSync } from 'node:fs';
import { errorCode, isTrothError } from '../../server/src/platform/errors.ts';
import { BAD_USAGE, badUsage, readArgs } from './args.ts';
import type { Command } from './command.ts';
import { nearest } from './nearest.ts';
import { complain, print } from './output.ts';

/** Every command: what it is for, and where it is. Only the one that is asked for is loaded. */
const COMMANDS: Record<string, { summary: string; load(): Promise<{ command: Command }> }> = {
  check: { summary: 'find everything that is wrong with a policy', load: () => import('./commands/check.ts') },
  decide: {
    summary: 'answer requests, one JSON object a line, by a policy',
    load: () => import('./commands/decide.ts'),
  },
  clauses: {
    summary: 'tell which clauses are kept, by the last run of the tests',
    load: () => import('./commands/clauses.ts'),
  },
  'ledger verify': {
    summary: 'verify ledger, records and consents',
    load: () => import('./commands/ledger-verify.ts'),
  },
  backup: { summary: 'write the records to a file', load: () => import('./commands/backup.ts') },
  restore: { summary: 'bring the records back from such a file', load: () => import('./commands/restore.ts') },
  'people add-operator': {
    summary: 'let somebody work at the desk',
    load: () => import('./commands/people-add-operator.ts'),
  },
  'people erase': { summary: 'erase a person for good', load: () => import('./commands/people-erase.ts') },
};

/** Runs one command. @returns the exit code */
async function main(args: string[]): Promise<number> {
  const [first, second] = args;
  if (first === '--version') return show(version());
  if (first === 'help') return main([...args.slice(1), '--help']);
  if (first === undefined || first.startsWith('-')) return general(args);
  const name = second !== undefined && Object.hasOwn(COMMANDS, `${first} ${second}`) ? `${first} ${second}` : first;
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found === undefined) return group(first, args.slice(1));
  const { command } = await found.load();
  const rest = args.slice(name === first ? 1 : 2);
  const end = rest.indexOf('--');
  const options = end < 0 ? rest : rest.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return show(command.help);
  const { words, given } = readArgs(name, command, rest);
  try {
    return await command.run(words, given);
  } catch (error) {
    complain(error);
    return isUsage(error) ? 2 : command.failed;
  }
}

function show(text: string): number {
  print(text.trimEnd());
  return 0;
}

const isUsage = (error: unknown): boolean => isTrothError(error, BAD_USAGE) || isTrothError(error, 'bad-option');

/** `./troth` and `./troth --help`: without anything asked for, the help is a hint and not the answer. */
function general(args: string[]): number {
  if (args[0] === '--help' || args[0] === '-h') {
    return show(`Usage: ./troth COMMAND [options]\n\n${list(Object.keys(COMMANDS))}\n
  ./troth COMMAND --help tells what a command takes; ./troth --version tells the version.`);
  }
  throw badUsage('', args.length === 0 ? 'expected a command; came none' : 'expected a command first; came an option');
}

/** The first word of commands of two words, or no command at all. */
function group(first: string, rest: string[]): number {
  const members = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
  if (members.length > 0 && (rest[0] === '--help' || rest[0] === '-h')) {
    return show(`Usage: ./troth ${first} COMMAND [options]\n\n${list(members)}`);
  }
  const plain = /^[a-z][a-z-]{0,30}$/;
  const typed = members.length > 0 && rest[0] !== undefined ? `${first} ${rest[0]}` : first;
  const near = plain.test(first)
    ? (nearest(typed, Object.keys(COMMANDS)) ?? (members.length === 1 ? members[0] : undefined))
    : undefined;
  const came =
    members.length > 0 ? `"${first}" and no command of it` : plain.test(first) ? `"${first}"` : 'something else';
  throw badUsage(
    '',
    `expected a command; came ${came}`,
    near === undefined ? './troth --help lists the commands' : `did you mean ./troth ${near}?`,
  );
}

function list(names: string[]): string {
  return names.map((name) => `  ${name.padEnd(20)} ${COMMANDS[name]!.summary}`).join('\n');
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

// Whoever reads our output may have seen enough, as `head` has: that is no error of ours.
process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? 0 : 1));

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error);
  return isUsage(error) ? 2 : 1;
});
process.stdout.write('', () => process.exit(code));
