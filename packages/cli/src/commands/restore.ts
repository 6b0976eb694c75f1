import { resolve } from 'node:path';
import type { Comeback } from '@troth/server';
import { DATA_HELP, JSON_HELP, type Command } from '../command.ts';
import { count, print, printJson, say } from '../output.ts';
import { whereOf } from '../where.ts';

/** `./troth restore`: the records come back, the erased do not. */
export const command: Command = {
  help: `Usage: ./troth restore FILE [--accept-loss] [--data DIR] [--json]

Replaces the records by those of a backup. The ledger is brought forward from its mirror, and everybody who was erased since is
erased again before anything serves; the keys of people who came after the backup end. No server may run on the directory; keyring
and secrets must be in place. A file that is damaged or belongs to another house changes nothing.

  --accept-loss     go on though the mirror of the ledger is gone: what was signed after the backup is lost
${DATA_HELP}
${JSON_HELP}

Environment: DATABASE_URL, KEYRING_DATABASE_URL and TROTH_ROOT_KEY as ./start has them.
Exit codes: 0 restored, 1 not restored, 2 wrong usage.`,
  options: { 'accept-loss': 'flag', data: 'text', json: 'flag' },
  words: { least: 1, most: 1, what: 'one FILE' },
  failed: 1,
  async run([name], given) {
    const file = resolve(name!);
    const where = whereOf(given);
    const { checkBackup, comeBack, withSite } = await import('@troth/server');
    // Looked at first, so that a wrong file costs no start of a database.
    await checkBackup(file);
    const done = await withSite(where, { alone: true, bare: true }, (site) =>
      comeBack(site, where, file, given['accept-loss'] === true),
    );
    if (given['json'] === true)
      printJson({
        madeAt: done.manifest.madeAt,
        rows: done.rows,
        ledger: done.ledger,
        erasedAgain: done.erased,
        cameLater: done.rowless,
      });
    else for (const line of told(done)) print(line);
    if (done.ledger.unknown > 0) {
      say(`warning: ${count(done.ledger.unknown, 'row')} of the backup are unknown to the ledger`);
      say('hint: ./troth ledger verify says which');
    }
    if (done.rowless > 0) {
      say(
        `warning: ${count(done.rowless, 'person', 'people')} came after this backup and are not in it; their keys have ended`,
      );
    }
    return 0;
  },
};

function told({ manifest, rows, ledger, erased }: Comeback): string[] {
  const back = ledger.after - ledger.before;
  return [
    `restored ${count(rows, 'row')} of ${manifest.madeAt}`,
    ledger.state === 'no-mirror'
      ? `ledger: no mirror to compare with; it goes on from ${ledger.before} entries`
      : `ledger: ${count(back, 'entry', 'entries')} put back from the mirror, ${ledger.after} in all; ` +
        `${count(ledger.lost, 'row')} newer than the backup let go, ${count(ledger.revived, 'older row')} bound again`,
    `erased again: ${count(erased, 'person', 'people')} whom the backup had brought back`,
  ];
}
