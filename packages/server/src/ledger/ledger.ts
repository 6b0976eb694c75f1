import type { Kysely } from 'kysely';
import type pg from 'pg';
import { TrothError, errorCode } from '../platform/errors.ts';
import { silentLog, type Log } from '../platform/log.ts';
import type { Database } from '../platform/schema.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { createKey, loadKey } from './key.ts';
import { listen } from './listen.ts';
import { Mirror, readMirrorNote } from './mirror.ts';
import { splitNote, vkeyOf, type Signer } from './note.ts';
import { consistencyProof, inclusionProof, receipt } from './proof.ts';
import { reconcile, restoreEntries, type Reconciliation } from './reconcile.ts';
import { BATCH_MAX, Sequencer, databaseSource } from './sequencer.ts';
import { sealerOf, type Sealer } from './seal.ts';
import { latestHead } from './store.ts';
import { verifyLedger, type Verdict, type VerifyOptions } from './verify.ts';

/** Milliseconds. A committed entry is under a signed checkpoint at most POLL and one turn later. */
const POLL = 150;
/** Between two turns: a batch gathers, and an idle disk stays idle. */
const GATHER = 50;
/** After an error: times grow to this. */
const RETRY_MAX = 5_000;
/** A fault that stays is logged again after this long. */
const SAY_AGAIN = 60_000;

export interface LedgerOptions {
  db: Kysely<Database>;
  pool: pg.Pool;
  secretsDir: string;
  mirrorDir: string;
  /** Name of a new log, such as `example.com/ledger`; a log that has its key keeps the name in it. */
  origin: string;
  log?: Log;
}

/**
 * Opens the log: loads its key, or makes one where neither database nor mirror knows a ledger yet.
 * Throws `ledger-key-missing` where they do, `ledger-key-foreign` where another key signed it.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { db, secretsDir, mirrorDir, origin } = options;
  const notes = [(await latestHead(db))?.note, await readMirrorNote(mirrorDir)].filter((note) => note !== undefined);
  let signer = await loadKey(secretsDir);
  if (signer === undefined && notes.length > 0) {
    throw new TrothError('ledger-key-missing', 'expected the key that signed this ledger; there is none', {
      file: secretsDir,
      hint: 'put ledger.key back from a copy of the secrets; without it this ledger cannot go on',
    });
  }
  signer ??= await createKey(secretsDir, origin);
  for (const note of notes) refuseForeign(note, signer, secretsDir);
  return new Ledger(options, signer, await Mirror.open(mirrorDir, signer));
}

/** The log of one process: sequences while started, proves and verifies at any time. */
export class Ledger {
  /** What verifiers need to know: `name+hash+base64`. */
  readonly vkey: string;
  readonly origin: string;
  readonly signer: Signer;
  readonly mirror: Mirror;
  /** Marks entries as this house's own: only such are given a place and signed. */
  readonly sealer: Sealer;
  private readonly db: Kysely<Database>;
  private readonly pool: pg.Pool;
  private readonly log: Log;
  private readonly sequencer: Sequencer;
  private running: Promise<void> | undefined;
  private stopping = false;
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private turns: Promise<unknown> = Promise.resolve();
  private said: { code: string; at: number } | undefined;

  constructor(options: LedgerOptions, signer: Signer, mirror: Mirror) {
    this.db = options.db;
    this.pool = options.pool;
    this.log = options.log ?? silentLog;
    this.signer = signer;
    this.mirror = mirror;
    this.vkey = vkeyOf(signer);
    this.origin = signer.name;
    this.sealer = sealerOf(signer);
    this.sequencer = new Sequencer(options.db, signer, this.sealer, mirror);
  }

  /**
   * Catches the mirror up and begins to sequence. Throws where the ledger must not go on (`ledger-rolled-back`,
   * `ledger-forked`, a checkpoint that this key did not sign): an operator has to look.
   */
  async start(): Promise<void> {
    const bare = this.mirror.head === undefined;
    const { size } = await this.flush();
    // Told, because whoever removes the mirror removes the witness against a rollback.
    if (bare && size > 0) this.log.warn('ledger-mirror-made-anew', { size });
    if (!(await this.mirror.intact())) {
      this.log.warn('ledger-mirror-rebuilt', { size: this.mirror.head?.size });
      await this.rebuildMirror();
    }
    this.stopping = false;
    this.running ??= this.loop();
  }

  /** Writes every file of the mirror again from the database, where `verify` found it damaged. */
  async rebuildMirror(): Promise<void> {
    const head = await this.flush();
    await this.mirror.follow(head, databaseSource(this.db), true);
  }

  /** Sequences every entry that is committed now, and brings the mirror up to it. */
  async flush(): Promise<Checkpoint> {
    for (;;) {
      const { head, placed } = (await this.once(true))!;
      if (placed < BATCH_MAX) return head;
    }
  }

  /** Ends the loop after its present turn. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp?.();
    await this.running;
    this.running = undefined;
    await this.turns.catch(() => {});
  }

  /** Says that entries were committed in this process: cheaper than NOTIFY, which makes writers queue at their commit. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** The newest signed tree head, its signature checked; undefined before the first start. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    const head = await latestHead(this.db);
    return head && openCheckpoint(head.note, this.signer);
  }

  /** Proof that entry `idx` is in the tree of `size` entries (default: the newest checkpoint's). */
  inclusionProof(idx: number, size?: number): Promise<Uint8Array[]> {
    return inclusionProof(this.db, idx, size);
  }

  /** Proof that the tree of `to` entries begins with the tree of `from` entries. */
  consistencyProof(from: number, to?: number): Promise<Uint8Array[]> {
    return consistencyProof(this.db, from, to);
  }

  /** A text (c2sp.org/tlog-proof) with which anyone who has the entry's bytes and the vkey verifies, offline, that it is logged. */
  receipt(idx: number): Promise<string> {
    return receipt(this.db, idx, this.signer);
  }

  /** Everything of `verifyLedger`, with this log's key and mirror. */
  verify(options: Partial<VerifyOptions> = {}): Promise<Verdict> {
    return verifyLedger({ db: this.db, vkey: this.vkey, sealer: this.sealer, mirrorDir: this.mirror.dir, ...options });
  }

  /**
   * After a restore of the records, before `start`: brings the ledger forward from its mirror, then logs how the restored rows
   * differ (see `reconcile`), so that the log goes on as one history. Replay erasures afterwards.
   * @param by the time, and the policy in force
   */
  async reconcile(by: { at: Date; policy: Uint8Array; acceptLoss?: boolean }): Promise<Reconciliation> {
    const { db, signer: verifier, sealer, mirror } = this;
    const loss = by.acceptLoss === true ? { acceptLoss: true } : {};
    const found = await reconcile({ db, verifier, sealer, mirrorDir: mirror.dir, ...loss });
    for (const body of restoreEntries(found, by)) {
      await db
        .insertInto('ledger_entries')
        .values({ body, seal: sealer.seal(body) })
        .execute();
    }
    await this.flush();
    return found;
  }

  /** One turn and the mirror after it; turns of this process stand in line. */
  private once(wait: boolean): Promise<{ head: Checkpoint; placed: number } | undefined> {
    const turn = this.turns.then(async () => {
      const done = await this.sequencer.turn(wait);
      if (done !== undefined) {
        const near = this.mirror.head?.size === done.from;
        await this.mirror.follow(done.head, near ? done.source : databaseSource(this.db));
        if (done.unsealed > 0) this.say('ledger-entry-unsealed');
        return { head: done.head, placed: done.placed };
      }
      // Another process sequences: this one's mirror follows.
      const head = await this.checkpoint();
      if (head === undefined) return undefined;
      await this.mirror.guard(head, databaseSource(this.db).tile);
      await this.mirror.follow(head, databaseSource(this.db));
      return undefined;
    });
    this.turns = turn.catch(() => {});
    return turn;
  }

  private async loop(): Promise<void> {
    const unlisten = listen(this.pool, 'troth_ledger', () => this.wake(), this.log);
    let retry = GATHER;
    try {
      while (!this.stopping) {
        try {
          const done = (await this.hasWork()) ? await this.once(false) : undefined;
          retry = GATHER;
          this.said = undefined;
          await this.pause(GATHER);
          // A full batch may have more behind it; else wait for the next entries.
          if (done === undefined || done.placed < BATCH_MAX) await this.pauseUntilWoken(POLL - GATHER);
        } catch (error) {
          this.say(errorCode(error));
          await this.pauseUntilWoken(retry);
          retry = Math.min(RETRY_MAX, retry * 2);
        }
      }
    } finally {
      await unlisten();
    }
  }

  /** Is there anything to do: entries that wait, or a checkpoint of another process that the mirror lacks? */
  private async hasWork(): Promise<boolean> {
    const waiting = await this.db
      .selectFrom('ledger_entries')
      .select('id')
      .where('idx', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (waiting !== undefined) return true;
    return (await latestHead(this.db))?.size !== this.mirror.head?.size;
  }

  private say(code: string): void {
    if (this.said?.code === code && Date.now() - this.said.at < SAY_AGAIN) return;
    this.said = { code, at: Date.now() };
    this.log.error('ledger-sequencer-failed', { code });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.stopping ? 0 : ms));
  }

  private pauseUntilWoken(ms: number): Promise<void> {
    if (this.stopping || this.woken) {
      this.woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        this.woken = false;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function refuseForeign(note: string, signer: Signer, file: string): void {
  const { signatures } = splitNote(note);
  if (signatures.some(({ name, raw }) => name === signer.name && raw.subarray(0, 4).equals(signer.id))) return;
  throw new TrothError('ledger-key-foreign', 'expected the key that signed this ledger; ledger.key is another one', {
    file,
    hint: 'put the right ledger.key back from a copy of the secrets, or name the data directory that belongs to it',
  });
}
