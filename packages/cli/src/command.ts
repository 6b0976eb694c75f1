/** A value of an option; undefined where it was not given. */
export type Given = Record<string, string | boolean | undefined>;

/** One command of `./troth`: what it takes, what it tells of itself, what it does. */
export interface Command {
  /** The whole help text; its first line is the usage. */
  help: string;
  options: Record<string, 'text' | 'flag'>;
  /** How many words it takes beside its options. */
  words: { least: number; most: number; what: string };
  /** The exit code when it fails: 2 for a command whose 1 says that something was found. Wrong usage is always 2. */
  failed: 1 | 2;
  /** @returns the exit code: 0 all is well, 1 something was found */
  run(words: string[], given: Given): Promise<number>;
}

/** What every command that prints a result for programs offers. */
export const JSON_HELP = '  --json            print JSON, for programs';

export const DATA_HELP = '  --data DIR        the data directory (data, in this checkout)';
