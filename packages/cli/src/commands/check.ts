import type { Diagnostic } from '@troth/policy';
import { errorCode, isTrothError } from '../../../server/src/platform/errors.ts';
import { JSON_HELP, type Command } from '../command.ts';
import { complain, count, print, printJson } from '../output.ts';
import { loadFile, sayDiagnostic } from '../policy-file.ts';

/** `./troth check`: everything that is wrong with policies, all at once. */
export const command: Command = {
  help: `Usage: ./troth check FILE... [--json]

Finds everything that is wrong with the policies: form, names, and what the rules mean together. Each problem is told with file, line
and column, its code, and how to mend it.

${JSON_HELP}: an array of {file, line, column, level, code, message, mend}

Exit codes: 0 no errors (there may be warnings), 1 errors, 2 a file could not be read.`,
  options: { json: 'flag' },
  words: { least: 1, most: Number.POSITIVE_INFINITY, what: 'at least one FILE' },
  failed: 2,
  async run(files, { json }) {
    const found: (Diagnostic | Unread)[] = [];
    for (const file of files) found.push(...(await checkFile(file, json === true)));
    if (json === true) printJson(found);
    if (found.some(({ code }) => code === 'file-unreadable')) return 2;
    return found.some(({ level }) => level === 'error') ? 1 : 0;
  },
};

/** A file that could not be looked into. */
interface Unread {
  code: 'file-unreadable';
  level: 'error';
  file: string;
  line: 1;
  column: 1;
  message: string;
  mend: string;
}

async function checkFile(file: string, quiet: boolean): Promise<readonly (Diagnostic | Unread)[]> {
  let loaded;
  try {
    loaded = await loadFile(file);
  } catch (error) {
    if (!quiet) complain(error);
    const message = isTrothError(error) ? error.message : `it could not be read (${errorCode(error)})`;
    const mend = (isTrothError(error) && error.hint) || 'name another file';
    return [{ code: 'file-unreadable', level: 'error', file, line: 1, column: 1, message, mend }];
  }
  const { document, diagnostics } = loaded;
  if (quiet) return diagnostics;
  diagnostics.forEach(sayDiagnostic);
  const errors = diagnostics.filter(({ level }) => level === 'error').length;
  const warnings = diagnostics.length - errors;
  const version =
    document === undefined
      ? ''
      : `${document.id} version ${document.version}, ${count(document.clauses.length, 'clause')}`;
  if (errors > 0) print(`${file}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`);
  else print(`${file}: ${warnings === 0 ? 'clean' : count(warnings, 'warning')} (${version})`);
  return diagnostics;
}
