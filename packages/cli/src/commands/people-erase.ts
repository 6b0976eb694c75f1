import { createInterface } from 'node:readline/promises';
import type { OpenHouse } from '@troth/server';
import { TrothError } from '../../../server/src/platform/errors.ts';
import { badUsage } from '../args.ts';
import { DATA_HELP, JSON_HELP, type Command, type Given } from '../command.ts';
import { count, print, printJson, say } from '../output.ts';
import { find, readSought, type Sought } from '../seek.ts';
import { whereOf } from '../where.ts';

const NAME = 'people erase';

/** `./troth people erase`: the key goes first, and with it everything that was ever sealed under it. */
export const command: Command = {
  help: `Usage: ./troth people erase (--email ADDRESS | --reference REFERENCE | --id ID) [--yes] [--data DIR] [--json]

Erases a person for good: their key, so that no copy of the records can be read again; then their rows, sessions and waiting letters.
The ledger notes that somebody was erased, not who. The house may go on serving, and forgets the person at once.

  --email ADDRESS   whoever has this address: members; newcomers who have not proved it; and, where nobody has proved it, a member
                    who gave it as their new one
  --operator        with --email: the operator who signs in with it
  --reference REF   whoever sent the message with this reference
  --id ID           the person with this id
  --yes             do not ask
${DATA_HELP}
${JSON_HELP}

Environment: DATABASE_URL, KEYRING_DATABASE_URL and TROTH_ROOT_KEY as ./start has them.
Exit codes: 0 erased, or was erased before; 1 not erased: there is no such person, or the answer was no; 2 wrong usage.`,
  options: { email: 'text', operator: 'flag', reference: 'text', id: 'text', yes: 'flag', data: 'text', json: 'flag' },
  words: { least: 0, most: 0, what: '' },
  failed: 1,
  async run(_words, given) {
    const sought = readSought(NAME, given);
    if (given['yes'] !== true && !process.stdin.isTTY)
      throw badUsage(NAME, 'expected --yes where nobody can be asked; it is missing');
    const where = whereOf(given);
    const { withHouse } = await import('@troth/server');
    const done = await withHouse(where, (house) => eraseThem(house, sought, given));
    if (done === undefined) {
      say('nothing was erased');
      return 1;
    }
    if (given['json'] === true) printJson(done);
    else if (done.people === 0) print('was erased before');
    else print(`erased ${count(done.people, 'person', 'people')}: ${told(done)}`);
    return 0;
  },
};

/** How much of whom was erased. */
interface Erased {
  people: number;
  values: number;
  answers: number;
  messages: number;
  sessions: number;
  letters: number;
}

/** @returns undefined where the answer was no */
async function eraseThem(house: OpenHouse, sought: Sought, given: Given): Promise<Erased | undefined> {
  const { people, claims, erasedBefore } = await find(house, sought);
  if (people.length === 0 && !erasedBefore) {
    throw new TrothError('person-unknown', 'expected a person of this house; there is none by that', {
      hint: 'nothing was erased',
    });
  }
  const held = await holdings(house, people);
  if (people.length > 0 && given['yes'] !== true && !(await confirmed(people.length, held))) return undefined;
  let erased = 0;
  for (const person of people) if (await house.gate.erase(person)) erased += 1;
  for (const claim of claims) {
    say('warning: a member gave this address as their new one and has not proved it; they were left alone');
    say(`hint: to erase them too: ./troth people erase --id ${claim}`);
  }
  return { people: erased, ...held };
}

async function holdings({ db }: OpenHouse, people: string[]): Promise<Omit<Erased, 'people'>> {
  const counted = async (table: 'records' | 'consents' | 'cases' | 'sessions' | 'mails'): Promise<number> => {
    if (people.length === 0) return 0;
    const { rows } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<string>().as('rows'))
      .where('person_id', 'in', people)
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  return {
    values: await counted('records'),
    answers: await counted('consents'),
    messages: await counted('cases'),
    sessions: await counted('sessions'),
    letters: await counted('mails'),
  };
}

async function confirmed(people: number, held: Omit<Erased, 'people'>): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Erase ${count(people, 'person', 'people')} for good (${told(held)})? Type yes: `,
    );
    return answer.trim().toLowerCase() === 'yes';
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

function told({ values, answers, messages, sessions, letters }: Omit<Erased, 'people'>): string {
  const parts = [
    count(values, 'value'),
    count(answers, 'answer'),
    count(messages, 'message'),
    count(sessions, 'session'),
    count(letters, 'letter'),
  ];
  return parts.join(', ');
}
