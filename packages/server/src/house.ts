import { openGate, ERASED_CHANNEL, type Gate, type GateContext, type House } from './gate/index.ts';
import { openLedger, type Ledger } from './ledger/index.ts';
import { publish, readPolicy, type LoadedPolicy } from './notices/index.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import { openDatabase, type OpenDatabase } from './platform/database.ts';
import { prepareDirectories, type Directories } from './platform/directories.ts';
import { hearing } from './platform/hearing.ts';
import { TrothError } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import { openKeyring, type Keyring } from './vault/index.ts';

/** What it takes to open a house. */
export interface HouseOptions {
  data: string;
  policy: string;
  databaseUrl: string | undefined;
  keyringDatabaseUrl: string | undefined;
  rootKey: string | undefined;
  production: boolean;
  /** `serve`: this process is the one server of the directory. `attach`: a command beside it. */
  mode: 'serve' | 'attach';
  log: Log;
  progress?: (line: string) => void;
  clock?: Clock;
}

/** A house that stands: everything the rooms and the command line work with. */
export interface OpenHouse extends House {
  readonly ledger: Ledger;
  readonly database: OpenDatabase;
  readonly directories: Directories;
  /** How many people an older state of the records had brought back, and that were erased again. */
  readonly replayed: number;
  setOrigin(origin: string): void;
  close(): Promise<void>;
}

/**
 * Opens a house: database, keyring, ledger, policy, gate, in the order in which each needs the other; then it replays erasures, so
 * that nobody comes back with an older state of the records.
 */
export async function openHouse(options: HouseOptions): Promise<OpenHouse> {
  const clock = options.clock ?? systemClock;
  const loaded = await readPolicy(options.policy);
  const directories = prepareDirectories(options.data);
  const opened: { stop(): Promise<unknown> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part.stop();
    opened.length = 0;
  };
  try {
    const database = await openDatabase({ root: directories.root, url: options.databaseUrl, mode: options.mode, log: options.log, ...(options.progress && { progress: options.progress }) });
    opened.push(database);
    const keyring = await openKeyring({ dir: directories.root, url: options.keyringDatabaseUrl, rootKey: options.rootKey });
    opened.push({ stop: () => keyring.close() });
    await assertKeyringBelongs(database, keyring);
    const ledger = await openLedger({
      db: database.db,
      pool: database.pool,
      secretsDir: directories.secrets,
      mirrorDir: directories.ledger,
      origin: originOf(loaded, keyring.installation),
      log: options.log,
    });
    const context: GateContext = { db: database.db, keyring, clock, installation: keyring.installation, policy: () => loaded };
    const gate = openGate(context);
    if (options.mode === 'serve') {
      await ledger.start();
      opened.push(ledger);
      await publish(database.db, clock, loaded);
      const heard = await hearing(database.url, ERASED_CHANNEL, (person) => keyring.forget(person), (deaf) => keyring.distrust(deaf), options.log);
      opened.push(heard);
    }
    const replayed = options.mode === 'serve' ? await bringInLine(gate) : 0;
    let origin = 'http://localhost';
    return {
      db: database.db,
      gate,
      keyring,
      clock,
      ledger,
      database,
      directories,
      replayed,
      production: options.production,
      policy: () => loaded,
      origin: () => origin,
      setOrigin: (address) => {
        origin = address;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** People whose keys are gone are erased in the records too; keys whose people were never written end. */
async function bringInLine(gate: Gate): Promise<number> {
  const replayed = await gate.replayErasures();
  await gate.sweepOrphanKeys();
  return replayed;
}

/**
 * Records with people beside a keyring that was just founded mean that the keyring was lost or another directory is meant. To go on
 * would erase everybody; so nothing is touched.
 */
async function assertKeyringBelongs(database: OpenDatabase, keyring: Keyring): Promise<void> {
  if (!keyring.fresh) return;
  const someone = await database.db.selectFrom('people').select('person_id').where('erased_at', 'is', null).limit(1).executeTakeFirst();
  if (someone === undefined) return;
  throw new TrothError('keyring-lost', 'expected the keyring that belongs to these records; it was not there, and an empty one was founded', {
    hint: 'stop, remove the empty keyring, and put back a copy of the keyring and its root key (docs/operating/keys-and-backups.md)',
  });
}

/** The name of a new log: the site of the policy and the installation, so that two houses never share a log's name. */
function originOf(policy: LoadedPolicy, installation: string): string {
  const site = policy.document.controller.site ?? policy.document.id;
  return `${site.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}/troth/${installation.slice(0, 8)}`;
}

