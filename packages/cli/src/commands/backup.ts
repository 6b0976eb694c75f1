import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DATA_HELP, JSON_HELP, type Command } from '../command.ts';
import { count, print, printJson } from '../output.ts';
import { whereOf } from '../where.ts';

/** `./troth backup`: the records, as they are at one moment, in one file; or a short-lived copy of the keyring. */
export const command: Command = {
  help: `Usage: ./troth backup FILE [--keyring] [--data DIR] [--json]

Writes the records, as they are at one moment, to a new file. The house may go on serving. Every personal value in the file is sealed;
keyring and secrets, which alone can open them, are not in it.

  --keyring         copy the keyring instead: such a copy opens values of people who are erased later, so keep it for days, not longer
${DATA_HELP}
${JSON_HELP}

Environment: DATABASE_URL, KEYRING_DATABASE_URL and TROTH_ROOT_KEY as ./start has them.
Exit codes: 0 written, 1 not written, 2 wrong usage.`,
  options: { keyring: 'flag', data: 'text', json: 'flag' },
  words: { least: 1, most: 1, what: 'one FILE' },
  failed: 1,
  async run([name], given) {
    const file = resolve(name!);
    const where = whereOf(given);
    const { backup, openKeyringOf, withSite } = await import('@troth/server');
    const done = await withSite(where, {}, async ({ database, directories }) => {
      const keyring = await openKeyringOf(directories, { ...where, mode: 'attach' });
      try {
        if (given['keyring'] === true) return await keyring.backup(file);
        const { installation } = keyring;
        return await backup({ pool: database.pool, file, installation, version: version(), madeAt: new Date() });
      } finally {
        await keyring.close();
      }
    });
    if (done === undefined) {
      if (given['json'] === true) printJson({ file, keyring: true });
      else
        print(
          `copied the keyring to ${name}; remove this copy within days, or erased people can be read again with it`,
        );
      return 0;
    }
    const { madeAt, checkpoint } = done.manifest;
    const entries = Number(checkpoint?.size ?? 0);
    if (given['json'] === true) printJson({ file, madeAt, rows: done.rows, bytes: done.bytes, ledgerEntries: entries });
    else
      print(
        `wrote ${count(done.rows, 'row')} (${count(done.bytes, 'byte')}) to ${name}, with the ledger up to entry ${entries}`,
      );
    return 0;
  },
};

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}
