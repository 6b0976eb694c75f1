import { once } from 'node:events';
import { errorLines } from '../../server/src/platform/errors.ts';

/** Writes a line of the result to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes the result as JSON, for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Writes text to standard output, and waits while its reader cannot keep up. */
export async function pour(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Tells something beside the result, on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Shows an error as `error:` and `hint:` lines on standard error; never a stack. */
export function complain(error: unknown): void {
  for (const line of errorLines(error)) say(line);
  if (process.env['TROTH_DEBUG'] !== undefined) console.error(error);
}

/** `1 row`, `2 rows`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
