import { badUsage } from '../args.ts';
import { DATA_HELP, JSON_HELP, type Command } from '../command.ts';
import { emailOf } from '../email.ts';
import { lineGroups } from '../lines.ts';
import { print, printJson, say } from '../output.ts';
import { whereOf } from '../where.ts';

const NAME = 'people add-operator';

/** `./troth people add-operator`: a key of their own, an address that only a blind index knows, and a way to set a password. */
export const command: Command = {
  help: `Usage: ./troth people add-operator --email ADDRESS [--password-stdin] [--data DIR] [--json]

Adds an operator, who may then sign in at /staff/sign-in and do at the desk what the policy lets staff do. Prints a link that works
once, for a day, with which they set their password. The house may go on serving.

  --email ADDRESS   their address: the ID to sign in with; kept as a blind index only
  --password-stdin  read the password, one line, from standard input instead; then no link is printed
${DATA_HELP}
${JSON_HELP}

Environment: DATABASE_URL, KEYRING_DATABASE_URL and TROTH_ROOT_KEY as ./start has them; TROTH_ORIGIN: what the link begins with.
Exit codes: 0 added, 1 not added, 2 wrong usage.`,
  options: { email: 'text', 'password-stdin': 'flag', data: 'text', json: 'flag' },
  words: { least: 0, most: 0, what: '' },
  failed: 1,
  async run(_words, given) {
    const email = emailOf(NAME, given['email']);
    const password = given['password-stdin'] === true ? await passwordLine() : undefined;
    const where = whereOf(given);
    const { addOperator, setting, withHouse } = await import('@troth/server');
    const added = await withHouse(where, async (house, running) => {
      const shortest = setting(house, 'password_minimum');
      if (password !== undefined && Array.from(password).length < shortest)
        throw badUsage(NAME, `expected a password of at least ${shortest} characters; came fewer`);
      const { person, path } = await addOperator(house, email, password);
      const origin = process.env['TROTH_ORIGIN'] ?? running?.urls[0];
      return { person, path, origin };
    });
    const link = added.path === undefined ? undefined : `${added.origin ?? ''}${added.path}`;
    if (given['json'] === true) printJson({ id: added.person, link: link ?? null });
    else if (link === undefined) print('added; they can sign in at /staff/sign-in');
    else {
      print(link);
      say(
        `hint: give them this link, by a safe way: who opens it${added.origin === undefined ? ' (behind the address of your server)' : ''} sets the password; it works once, for a day`,
      );
    }
    return 0;
  },
};

async function passwordLine(): Promise<string> {
  for await (const [line] of lineGroups(process.stdin, 1_024)) {
    if (line === undefined) continue;
    if ('text' in line && line.text !== '') return line.text;
    break;
  }
  throw badUsage(NAME, 'expected a password as the first line of standard input; came none');
}
