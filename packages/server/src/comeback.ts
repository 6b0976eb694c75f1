import type { Site, Where } from './attach.ts';
import { furnishHouse, openKeyringOf, publishedPolicy } from './house.ts';
import { openLedger, readVkey, verifyMirror, type Reconciliation } from './ledger/index.ts';
import { TrothError } from './platform/errors.ts';
import { restore, type Manifest } from './retain/index.ts';
import { compareStores } from './vault/index.ts';

/** What it took to bring the records of a house back. */
export interface Comeback {
  manifest: Manifest;
  /** Rows of the backup. */
  rows: number;
  ledger: Pick<Reconciliation, 'state' | 'before' | 'after'> & { lost: number; revived: number; unknown: number };
  /** People whom the backup had brought back, erased again. */
  erased: number;
  /** People who came after the backup: they are not in it, and their keys have ended. */
  rowless: number;
}

/**
 * Replaces the records by those of a backup, brings the ledger forward from its mirror, and erases again whoever was erased since,
 * before anything serves. What can be refused is refused before the first change. Should the machine stop between two steps, the
 * next start replays the erasures, and refuses a ledger that is behind its mirror; the command may be given again.
 * @param site the records, held by the caller, with no server on them
 * @param acceptLoss go on though the mirror of the ledger is gone
 * @throws TrothError of `restore`, `verifyMirror`, `furnishHouse`; `ledger-mirror-missing`, `ledger-mirror-damaged`
 */
export async function comeBack(site: Site, where: Where, file: string, acceptLoss: boolean): Promise<Comeback> {
  const { database, directories } = site;
  const { secrets: secretsDir, ledger: mirrorDir } = directories;
  const { installation } = await passing(openKeyringOf(directories, { ...where, mode: 'alone' }));
  // Throws where the key is gone: a new one would begin a second history.
  await readVkey(secretsDir);
  const assertLedger = async (db: typeof database.db, manifest: Manifest): Promise<void> => {
    // Throws where another key signed the backup's ledger.
    const ledger = await openLedger({ db, pool: database.pool, secretsDir, mirrorDir, origin: '' });
    if (manifest.checkpoint === null || manifest.checkpoint.size === '0') return;
    if (ledger.mirror.head === undefined) {
      if (!acceptLoss) throw mirrorMissing(mirrorDir, manifest.checkpoint.size);
      return;
    }
    const since = ledger.mirror.head.size < Number(manifest.checkpoint.size) ? {} : { since: manifest.checkpoint.note };
    const { findings } = await verifyMirror({ dir: mirrorDir, vkey: ledger.vkey, limit: 1, ...since });
    if (findings[0] === undefined) return;
    throw new TrothError(
      'ledger-mirror-damaged',
      `expected a mirror of the ledger that goes on from this backup; ${findings[0].message}`,
      {
        file: mirrorDir,
        hint: 'put an intact copy of the mirror there, such as one that an auditor keeps',
      },
    );
  };
  const { manifest, rows } = await restore({
    file,
    db: database.db,
    pool: database.pool,
    installation,
    afterRestore: async (trx, manifest) => {
      await assertLedger(trx, manifest);
      // Letters that waited when the backup was made were sent since, or are no longer expected.
      await trx.deleteFrom('mails').where('sent_at', 'is', null).execute();
      await publishedPolicy(trx);
    },
  });
  const policy = await publishedPolicy(database.db);
  // The ledger first: the house would not open on one that is behind its mirror.
  const ledger = await openLedger({
    db: database.db,
    pool: database.pool,
    secretsDir,
    mirrorDir,
    origin: '',
    log: where.log,
  });
  const found = await ledger.reconcile({ at: new Date(), policy: policy.hash, acceptLoss });
  const house = await furnishHouse(database, directories, { ...where, mode: 'alone', production: false }, policy);
  try {
    let rowless = 0;
    for await (const { what } of compareStores(house.db, house.keyring)) if (what === 'rowless') rowless += 1;
    const erased = await house.gate.replayErasures(true);
    const { state, before, after, lost, revived, unknown } = found;
    return {
      manifest,
      rows,
      ledger: { state, before, after, lost: lost.length, revived: revived.length, unknown: unknown.length },
      erased,
      rowless,
    };
  } finally {
    await house.close();
  }
}

async function passing<Part extends { close(): Promise<void> }>(opening: Promise<Part>): Promise<Part> {
  const part = await opening;
  await part.close();
  return part;
}

function mirrorMissing(dir: string, size: string): TrothError {
  return new TrothError(
    'ledger-mirror-missing',
    `expected the mirror of the ledger, to bring back what was signed after the ${size} entries of this backup; there is none`,
    {
      file: dir,
      hint: 'put a copy of the mirror there (an auditor may have one), or accept the loss with --accept-loss; nothing was restored',
    },
  );
}
