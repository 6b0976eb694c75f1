import { DIAGNOSTICS, load, type Diagnostic, type Loaded } from '@troth/policy';
import { readText } from './read-text.ts';
import { say } from './output.ts';

/** Bytes: what the language allows a policy to have. */
const MOST = 5_000_000;

/**
 * Reads and loads a policy file. What the file holds is told by diagnostics, its size too.
 * @throws TrothError `file-unreadable`
 */
export async function loadFile(file: string): Promise<Loaded & { source: string }> {
  const read = await readText(file, MOST);
  if ('text' in read) return { ...load(read.text, { file }), source: read.text };
  const { level, what, mend } = DIAGNOSTICS.too_large;
  const found = read.tooLarge === undefined ? 'more' : `${(read.tooLarge / 1e6).toFixed(1)} MB`;
  const expected = 'at most 5 MB';
  const message = `${what}; found ${found}; expected ${expected}`;
  const diagnostic: Diagnostic = { code: 'too_large', level, file, line: 1, column: 1, expected, found, message, mend };
  return { document: undefined, tables: undefined, diagnostics: [diagnostic], source: '' };
}

/** Shows a diagnostic: where it is, what is wrong, how to mend it. */
export function sayDiagnostic({ level, file, line, column, code, message, mend }: Diagnostic): void {
  say(`${level}: ${file}:${line}:${column}: ${code}: ${message}`);
  say(`hint: ${mend}`);
}
