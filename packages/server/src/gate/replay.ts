import { decodeEntry, personDigest } from '../ledger/index.ts';
import { TrothError } from '../platform/errors.ts';
import { compareStores, type Unmatched } from '../vault/index.ts';
import type { GateContext } from './context.ts';
import { erase } from './erase.ts';
import { sweep, SWEPT_TABLES } from './sweep.ts';

/** So many people may be without key or row after a crash; more mean that records and keyring do not belong together. */
const HANDFUL = 20;
/** So many where there is nobody yet: the very first registrations may have been cut short. */
const FEW = 2;
const SHARE = 0.01;

/**
 * Brings records and keyring in line, before the house serves: who was erased in the one is erased in the other, so that neither an
 * old state of the records nor an old copy of the keyring brings anybody back; unfinished births end.
 * @param afterRestore the records were just replaced by older ones: then people without a row are expected, and their keys end
 * @returns how many people were erased again
 * @throws TrothError `erasure-unnoted`; `stores-apart` where the two do not belong together; nothing is changed then
 */
export async function replayErasures(context: GateContext, afterRestore = false): Promise<number> {
  const unmatched: Record<Unmatched['what'], string[]> = { erased: [], keyless: [], rowless: [], revived: [] };
  for await (const { person, what } of compareStores(context.db, context.keyring)) unmatched[what].push(person);
  await assertTogether(context, unmatched.keyless.length, afterRestore ? 0 : unmatched.rowless.length);
  // Rows without a key and without a tombstone stay as they are, closed: an older copy of the keyring may have been put back, and
  // the right one may yet be found.
  for (const person of unmatched.revived) await assertNoted(context, person);
  for (const person of unmatched.erased) await erase(context, person);
  for (const person of [...unmatched.revived, ...unmatched.rowless])
    await context.keyring.erase(person, context.clock.now());
  await sweepLeftovers(context);
  return unmatched.erased.length + unmatched.revived.length;
}

/**
 * A key ends for good only if the erasure of its person stands in the ledger: a hand that writes a time into a row of the database
 * ends nobody's.
 * @throws TrothError `erasure-unnoted`
 */
async function assertNoted(context: GateContext, person: string): Promise<void> {
  const row = await context.db
    .selectFrom('people')
    .selectAll()
    .where('person_id', '=', person)
    .executeTakeFirstOrThrow();
  const entry =
    row.entry_id === null
      ? undefined
      : await context.db.selectFrom('ledger_entries').selectAll().where('id', '=', row.entry_id).executeTakeFirst();
  if (entry !== undefined && (entry.idx !== null || context.sealer.holds(entry.body, entry.seal))) {
    const digest = personDigest(row);
    const { kind, rows } = decodeEntry(entry.body);
    if (kind === 'erase' && rows.some(({ after }) => after !== undefined && digest.equals(after))) return;
  }
  throw new TrothError(
    'erasure-unnoted',
    `expected an entry of the ledger for the erasure of person ${person}; there is none`,
    {
      hint: 'the row was changed by hand: run ./troth ledger verify, and put it right; no key was ended',
    },
  );
}

/** Strangers to each other: everybody would be erased, and that is not what a wrong address in the environment may do. */
async function assertTogether(context: GateContext, keyless: number, rowless: number): Promise<void> {
  if (keyless + rowless <= FEW) return;
  const { people } = await context.db
    .selectFrom('people')
    .select((eb) => eb.fn.countAll<string>().as('people'))
    .executeTakeFirstOrThrow();
  // An empty house beside a keyring with people in it is another house's, or one whose records are still to be restored.
  if (Number(people) > 0 && keyless + rowless <= Math.max(HANDFUL, SHARE * Number(people))) return;
  throw new TrothError(
    'stores-apart',
    `expected records and keyring of one house; ${keyless} people have no key and ${rowless} keys have no person`,
    {
      hint: 'are DATABASE_URL, KEYRING_DATABASE_URL and --data those of the same house, and are the records restored? Nothing was changed; see docs/operating/keys-and-backups.md',
    },
  );
}

/** Rows of the erased whose sweep was cut short. */
async function sweepLeftovers(context: GateContext): Promise<void> {
  for (const table of SWEPT_TABLES) {
    const left = await context.db
      .selectFrom(table)
      .innerJoin('people', 'people.person_id', `${table}.person_id`)
      .where('people.erased_at', 'is not', null)
      .select(`${table}.person_id`)
      .distinct()
      .execute();
    for (const { person_id: person } of left) await sweep(context, person);
  }
}
