import { sql, type Kysely, type Transaction } from 'kysely';
import { TrothError } from '../platform/errors.ts';
import type { Database } from '../platform/schema.ts';
import { boundRows, type BoundRow } from './bound-rows.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { encodeEntry, type BoundTable, type RowChange } from './entry.ts';
import { mirrorTiles, readMirrorBundle, readMirrorNote } from './mirror.ts';
import { vkeyOf, type Verifier } from './note.ts';
import type { Sealer } from './seal.ts';
import { databaseTiles, latestHead, lockSequence, putTiles } from './store.ts';
import { TILE_WIDTH, bundlesBetween, decodeBundle, frontierOf, tilesBetween } from './tiles.ts';
import { liveRows } from './verify.ts';
import { verifyMirror } from './verify-mirror.ts';

export interface ReconcileOptions {
  db: Kysely<Database>;
  verifier: Verifier;
  sealer: Sealer;
  mirrorDir: string;
  /** Go on though there is no mirror to bring lost entries back from. */
  acceptLoss?: boolean;
}

/** What a restored database and its ledger have, and lack. */
export interface Reconciliation {
  /** `same`: nothing was missing; `restored`: entries came back from the mirror; `no-mirror`: nothing to compare with. */
  state: 'same' | 'restored' | 'no-mirror';
  /** Entries in the database before and after. */
  before: number;
  after: number;
  /** Rows that the ledger holds live and the database lacks: what happened to them after the dump was made is lost. */
  lost: { table: BoundTable; digest: Buffer }[];
  /** Rows of the database that the ledger does not hold live, but once did: a state that was left behind. */
  revived: BoundRow[];
  /** Rows that the ledger never knew: not of this house, or altered. They are never bound again; `verify` goes on to find them. */
  unknown: BoundRow[];
}

/**
 * After a restore of the records: brings the ledger forward to its mirror, at the same indexes and with the same bytes, so that no
 * second history is signed; then tells how the restored rows differ from what the ledger says. Run it before the sequencer and
 * before erasures are replayed.
 *
 * Throws `ledger-mirror-missing` (see `acceptLoss`), `ledger-mirror-damaged`, `ledger-forked`, and as `openCheckpoint`.
 */
export async function reconcile({
  db,
  verifier,
  sealer,
  mirrorDir,
  acceptLoss,
}: ReconcileOptions): Promise<Reconciliation> {
  const note = await readMirrorNote(mirrorDir);
  const mirror = note === undefined ? undefined : openCheckpoint(note, verifier);
  if (mirror !== undefined) await refuseDamaged(mirrorDir, verifier);
  return db.transaction().execute(async (tx) => {
    await lockSequence(tx, true);
    const stored = await latestHead(tx);
    const own = stored && openCheckpoint(stored.note, verifier);
    const before = own?.size ?? 0;
    if (mirror === undefined) {
      if (own !== undefined && own.size > 0 && !acceptLoss) throw mirrorMissing(mirrorDir, own.size);
    } else {
      await refuseFork(tx, own, mirror, mirrorDir);
      if (mirror.size > before) await bringForward(tx, before, mirror, mirrorDir);
    }
    const after = Math.max(before, mirror?.size ?? 0);
    const state = mirror === undefined ? 'no-mirror' : after > before ? 'restored' : 'same';
    return { state, before, after, ...(await compareRows(tx, sealer)) };
  });
}

/** Rows in one restore entry. */
const ROWS = 1_000;

/**
 * The entries that make the ledger say what the restored database holds: it lets go of the lost rows, and binds the revived ones
 * again. Those of erased people too: replaying the erasures sweeps them, with entries of its own.
 */
export function restoreEntries(
  { lost, revived }: Pick<Reconciliation, 'lost' | 'revived'>,
  by: { at: Date; policy: Uint8Array },
): Buffer[] {
  const changes: RowChange[] = [
    ...lost.map(({ table, digest }): RowChange => ({ table, op: 'drop', before: digest })),
    ...revived.map(({ table, digest }): RowChange => ({ table, op: 'put', after: digest })),
  ];
  return Array.from({ length: Math.ceil(changes.length / ROWS) }, (_, i) =>
    encodeEntry({
      kind: 'restore',
      at: by.at,
      policy: by.policy,
      outcome: 'permit',
      action: 'restore',
      actor: 'staff',
      purpose: '',
      service: '',
      recipient: '',
      data: [],
      clauses: [],
      code: '',
      count: 1,
      subject: Buffer.alloc(32),
      rows: changes.slice(i * ROWS, (i + 1) * ROWS),
      commitments: [],
    }),
  );
}

async function compareRows(
  tx: Transaction<Database>,
  sealer: Sealer,
): Promise<Pick<Reconciliation, 'lost' | 'revived' | 'unknown'>> {
  const live = await liveRows(tx, sealer);
  const revived: BoundRow[] = [];
  const unknown: BoundRow[] = [];
  for await (const row of boundRows(tx)) {
    const known = live.see(row.digest);
    if (known === undefined) unknown.push(row);
    else if (known.count < 1) revived.push(row);
  }
  const lost = [...live.all()]
    .filter(({ count, seen }) => count > 0 && !seen)
    .map(({ table, digest }) => ({ table, digest }));
  return { lost, revived, unknown };
}

/** Inserts the entries [from, mirror.size). Entries that the dump holds without a place get the one that they were given. */
async function bringForward(tx: Transaction<Database>, from: number, mirror: Checkpoint, dir: string): Promise<void> {
  const waiting = await waitingByBytes(tx);
  for (const { n, width } of bundlesBetween(from, mirror.size)) {
    const first = n * TILE_WIDTH;
    const bodies = decodeBundle(await readMirrorBundle(dir, n, width)).slice(0, width);
    const [inserts, places]: [{ idx: number; body: Buffer }[], { idx: number; id: string }[]] = [[], []];
    bodies.forEach((body, i) => {
      const idx = first + i;
      if (idx < from) return;
      const id = waiting.get(body.toString('latin1'))?.shift();
      if (id === undefined) inserts.push({ idx, body });
      else places.push({ idx, id });
    });
    await sql`insert into ledger_entries (idx, body)
      select * from unnest(${inserts.map(({ idx }) => idx)}::bigint[], ${inserts.map(({ body }) => body)}::bytea[])`.execute(
      tx,
    );
    await sql`update ledger_entries set idx = place.idx from unnest(${places.map(({ idx }) => idx)}::bigint[], ${places.map(({ id }) => id)}::bigint[])
      as place(idx, id) where ledger_entries.id = place.id`.execute(tx);
  }
  for (const tile of tilesBetween(from, mirror.size)) {
    const data = Buffer.from(await mirrorTiles(dir)(tile));
    await putTiles(tx, [{ level: tile.level, n: tile.n, data }]);
  }
  const { size, root, note } = mirror;
  await tx
    .insertInto('ledger_checkpoints')
    .values({ size: String(size), root, note, at: new Date() })
    .execute();
}

async function waitingByBytes(tx: Transaction<Database>): Promise<Map<string, string[]>> {
  const rows = await tx
    .selectFrom('ledger_entries')
    .select(['id', 'body'])
    .where('idx', 'is', null)
    .orderBy('id')
    .execute();
  const ids = new Map<string, string[]>();
  for (const { id, body } of rows) {
    const key = body.toString('latin1');
    ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ids;
}

/** The shorter of the two trees has to be the beginning of the longer one. */
async function refuseFork(
  tx: Transaction<Database>,
  own: Checkpoint | undefined,
  mirror: Checkpoint,
  dir: string,
): Promise<void> {
  if (own === undefined) return;
  const [shorter, tiles] = own.size <= mirror.size ? [own, mirrorTiles(dir)] : [mirror, databaseTiles(tx)];
  if ((await frontierOf(shorter.size, tiles)).root().equals(shorter.root)) return;
  throw new TrothError(
    'ledger-forked',
    `expected database and mirror to share their first ${shorter.size} ledger entries; they do not`,
    {
      file: dir,
      hint: 'is this the dump of another installation? The ledger will not sign two histories',
    },
  );
}

async function refuseDamaged(dir: string, verifier: Verifier): Promise<void> {
  const { ok, findings } = await verifyMirror({ dir, vkey: vkeyOf(verifier), limit: 1 });
  if (ok) return;
  throw new TrothError('ledger-mirror-damaged', `expected a whole mirror of the ledger; ${findings[0]!.message}`, {
    file: dir,
    hint: 'put an intact copy of the mirror there, such as one that an auditor keeps',
  });
}

function mirrorMissing(dir: string, size: number): TrothError {
  return new TrothError(
    'ledger-mirror-missing',
    `expected the mirror of the ledger; there is none. The database has ${size} entries; any that were signed after them are lost, ` +
      'and whoever holds a later checkpoint or receipt will see a second history',
    { file: dir, hint: 'put a copy of the mirror there (an auditor may have one), or accept the loss explicitly' },
  );
}
