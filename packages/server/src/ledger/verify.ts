import type { Kysely } from 'kysely';
import type { Database } from '../platform/schema.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { decodeEntry } from './entry.ts';
import { Findings, type Finding } from './findings.ts';
import { LiveSet } from './live.ts';
import { readMirrorNote } from './mirror.ts';
import { parseVkey, type Verifier } from './note.ts';
import type { Sealer } from './seal.ts';
import { latestHead, type Db } from './store.ts';
import { verifyRows, type RowCounts } from './verify-rows.ts';
import { verifyTree, type StoredEntry } from './verify-tree.ts';

export interface VerifyOptions {
  db: Kysely<Database>;
  /** `name+hash+base64`, best from outside the machine that is verified. */
  vkey: string;
  /** The public files of the log; without them a rollback goes unnoticed. */
  mirrorDir?: string;
  /** Knows the seals of entries that wait; without it their seals are not looked at. */
  sealer?: Sealer;
  /** Findings to keep; all are counted. */
  limit?: number;
  onProgress?: (entries: number, of: number) => void;
}

export interface Verdict {
  ok: boolean;
  origin: string;
  /** The newest checkpoint of the database: entries, root (base64). */
  size: number;
  root: string;
  /** Entries that are committed and wait for their place. */
  waiting: number;
  /** Entries of the mirror's checkpoint. */
  mirrored: number | undefined;
  rows: RowCounts;
  findings: Finding[];
  /** Of all findings, how many are not listed. */
  unlisted: number;
}

/**
 * Verifies everything that can be verified without a person's key: entries, tree, tiles, every checkpoint's signature and root,
 * the mirror and its checkpoint, then each row of the bound tables. Reads page by page in one snapshot.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verdict> {
  const verifier = parseVkey(options.vkey);
  const findings = new Findings(options.limit);
  // The mirror first: it follows the database, so a snapshot taken afterwards is never behind it by chance.
  const mirror = options.mirrorDir === undefined ? undefined : await mirrorHead(options.mirrorDir, verifier, findings);
  return options.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const { roots, head } = await checkpoints(tx, verifier, findings);
      const stored = await entryCounts(tx);
      if (mirror === undefined && options.mirrorDir !== undefined && stored.size > 0) {
        findings.add(
          'mirror-missing',
          'the ledger has entries but its mirror has no valid checkpoint: a rollback could not be told',
        );
      }
      // A size that nobody signed is believed only as far as there are entries.
      const size = head.signed ? head.size : Math.max(mirror?.head.size ?? 0, Math.min(head.size, stored.placed));
      const live = new LiveSet();
      const apply = (entry: { id: string; idx: string | null; body: Buffer }): void =>
        applyEntry(live, entry, findings);
      let walked = 0;
      await verifyTree(tx, { size, roots, ...(mirror && { mirror }) }, findings, (entry: StoredEntry) => {
        apply(entry);
        walked += 1;
        if (walked % 10_000 === 0) options.onProgress?.(walked, size);
      });
      await beyond(tx, size, apply, findings);
      const waiting = await applyWaiting(tx, apply, options.sealer, findings);
      const rows = await verifyRows(tx, live, findings);
      options.onProgress?.(size, size);
      return {
        ok: findings.total === 0,
        origin: verifier.name,
        size: head.size,
        root: head.root,
        waiting,
        mirrored: mirror?.head.size,
        rows,
        findings: findings.kept,
        unlisted: findings.total - findings.kept.length,
      };
    });
}

/** What the log holds live, computed from the entries alone (they are believed here; verify first). */
export async function liveRows(db: Db, sealer: Sealer): Promise<LiveSet> {
  const live = new LiveSet();
  const findings = new Findings();
  const apply = (entry: { id: string; idx: string | null; body: Buffer }): void => applyEntry(live, entry, findings);
  for (let next = 0; ;) {
    const page = await db
      .selectFrom('ledger_entries')
      .select(['id', 'idx', 'body'])
      .where('idx', '>=', String(next))
      .orderBy('idx')
      .limit(PAGE)
      .execute();
    page.forEach(apply);
    if (page.length < PAGE) break;
    next = Number(page.at(-1)!.idx) + 1;
  }
  await applyWaiting(db, apply, sealer, findings);
  return live;
}

const PAGE = 4_096;

function applyEntry(live: LiveSet, entry: { id: string; idx: string | null; body: Buffer }, findings: Findings): void {
  try {
    const { rows, kind } = decodeEntry(entry.body);
    live.apply(rows, Number(entry.id), kind === 'restore');
  } catch {
    const where = entry.idx === null ? { rowId: entry.id } : { entry: Number(entry.idx) };
    findings.add(
      'entry-unreadable',
      `entry ${entry.idx ?? '(waiting)'} is not an entry of a layout that this version knows`,
      { table: 'ledger_entries', ...where },
    );
  }
}

/** Entries that wait speak for rows as soon as they are sealed; one without a seal of the house speaks for nothing. */
async function applyWaiting(
  db: Db,
  apply: (entry: { id: string; idx: null; body: Buffer }) => void,
  sealer: Sealer | undefined,
  findings: Findings,
): Promise<number> {
  let waiting = 0;
  for (let after = '0'; ;) {
    const page = await db
      .selectFrom('ledger_entries')
      .select(['id', 'body', 'seal'])
      .where('idx', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { id, body, seal } of page) {
      if (sealer === undefined || sealer.holds(body, seal)) apply({ id, body, idx: null });
      else findings.add('entry-unsealed', `entry with id ${id} waits without a seal of this house`, unsealed(id));
    }
    waiting += page.length;
    if (page.length < PAGE) return waiting;
    after = page.at(-1)!.id;
  }
}

function unsealed(rowId: string): { table: 'ledger_entries'; rowId: string } {
  return { table: 'ledger_entries', rowId };
}

/** Entries with an index that no checkpoint covers: they count as they stand, and are told. */
async function beyond(db: Db, size: number, apply: (entry: StoredEntry) => void, findings: Findings): Promise<void> {
  const rows = await db
    .selectFrom('ledger_entries')
    .select(['id', 'idx', 'body'])
    .where((eb) => eb.or([eb('idx', '>=', String(size)), eb('idx', '<', '0')]))
    .orderBy('idx')
    .limit(PAGE)
    .execute();
  for (const row of rows) {
    apply(row as StoredEntry);
    findings.add('entry-beyond-checkpoint', `entry ${row.idx} is covered by no checkpoint`, {
      table: 'ledger_entries',
      entry: Number(row.idx),
    });
  }
}

async function entryCounts(db: Db): Promise<{ size: number; placed: number }> {
  const { all, placed } = await db
    .selectFrom('ledger_entries')
    .select(({ fn }) => [fn.countAll<string>().as('all'), fn.count<string>('idx').as('placed')])
    .executeTakeFirstOrThrow();
  return { size: Number(all), placed: Number(placed) };
}

async function mirrorHead(
  dir: string,
  verifier: Verifier,
  findings: Findings,
): Promise<{ dir: string; head: Checkpoint } | undefined> {
  const note = await readMirrorNote(dir);
  if (note === undefined) return undefined;
  try {
    return { dir, head: openCheckpoint(note, verifier) };
  } catch {
    findings.add('mirror-signature', "the mirror's checkpoint was not signed by this key");
    return undefined;
  }
}

/** Every checkpoint of the database: those whose signature holds, by size; and the newest one, signed or not. */
async function checkpoints(db: Db, verifier: Verifier, findings: Findings) {
  const roots = new Map<number, Buffer>();
  for (let after = '-1'; ;) {
    const page = await db
      .selectFrom('ledger_checkpoints')
      .select(['size', 'root', 'note'])
      .where('size', '>', after)
      .orderBy('size')
      .limit(PAGE)
      .execute();
    for (const row of page) {
      const where = { table: 'ledger_checkpoints' as const, rowId: row.size };
      try {
        const signed = openCheckpoint(row.note, verifier);
        if (signed.size !== Number(row.size) || !signed.root.equals(row.root))
          throw new RangeError('other columns than the note');
        roots.set(signed.size, signed.root);
      } catch {
        findings.add(
          'checkpoint-signature',
          `the checkpoint of ${row.size} entries was not signed by this key, or its row was altered`,
          where,
        );
      }
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.size;
  }
  const newest = await latestHead(db);
  if (newest === undefined)
    findings.add('checkpoint-missing', 'the database has no checkpoint', { table: 'ledger_checkpoints' });
  const head = {
    size: newest?.size ?? 0,
    root: newest?.root.toString('base64') ?? '',
    signed: newest !== undefined && roots.has(newest.size),
  };
  return { roots, head };
}
