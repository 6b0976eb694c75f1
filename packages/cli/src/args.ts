import { parseArgs } from 'node:util';
import { errorCode, TrothError } from '../../server/src/platform/errors.ts';
import type { Command, Given } from './command.ts';

/** The code of every complaint about the command line itself; such a command ends with exit code 2. */
export const BAD_USAGE = 'bad-usage';

/**
 * Reads what stands behind a command's name.
 * @throws TrothError `bad-usage`; a value is never repeated in it, since it may be someone's address
 */
export function readArgs(name: string, { options, words }: Command, args: string[]): { words: string[]; given: Given } {
  const spec = Object.entries(options).map(([option, kind]) => [
    option,
    { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
  ]);
  let parsed: { values: Given; positionals: string[]; tokens: { kind: string; name?: string }[] };
  try {
    parsed = parseArgs({
      args,
      options: Object.fromEntries(spec),
      allowPositionals: true,
      strict: true,
      tokens: true,
    }) as typeof parsed;
  } catch (error) {
    throw badUsage(name, `expected options that it has; ${reason(error)}`);
  }
  const seen = new Set<string>();
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue;
    if (seen.has(token.name!)) throw badUsage(name, `expected --${token.name} once; it came twice`);
    seen.add(token.name!);
  }
  for (const [option, value] of Object.entries(parsed.values)) {
    if (value === '') throw badUsage(name, `expected a value for --${option}; it is empty`);
  }
  const came = parsed.positionals.length;
  if (came < words.least || came > words.most) {
    const wanted = words.most === 0 ? 'options only' : words.what;
    throw badUsage(name, `expected ${wanted}; came ${came === 0 ? 'none' : `${came} word${came === 1 ? '' : 's'}`}`);
  }
  return { words: parsed.positionals, given: parsed.values };
}

/** A complaint about how a command was called. */
export function badUsage(
  name: string,
  message: string,
  hint = `./troth ${name} --help`.replace('  ', ' '),
): TrothError {
  return new TrothError(BAD_USAGE, message, { hint });
}

/** What Node found wrong, as far as it names options; the words that it goes on with, and values, are left out. */
function reason(error: unknown): string {
  const option = error instanceof Error ? /'(?:-\w, )?(--?[\w-]+)(?: <value>)?'/.exec(error.message)?.[1] : undefined;
  switch (errorCode(error)) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return option === undefined ? 'came an unknown one' : `there is no ${option}`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return `${option ?? 'one'} came with a value too many, or without its value`;
    default:
      return 'they could not be read';
  }
}
