import { TrothError } from '../platform/errors.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { consistencyProofOf, inclusionProofOf, leafHash } from './merkle.ts';
import { verifyInclusion } from './merkle-verify.ts';
import type { Verifier } from './note.ts';
import { databaseTiles, latestHead, type Db } from './store.ts';
import { rangeHasher } from './tiles.ts';

/** Inclusion proof of entry `idx`, leaf's sibling first. Throws `ledger-outside-tree`. */
export async function inclusionProof(db: Db, idx: number, size?: number): Promise<Uint8Array[]> {
  const within = size ?? (await newestSize(db));
  return inclusionProofOf(idx, within, rangeHasher(within, databaseTiles(db)));
}

/** Consistency proof between two sizes of the log. Throws `ledger-outside-tree`. */
export async function consistencyProof(db: Db, from: number, to?: number): Promise<Uint8Array[]> {
  const within = to ?? (await newestSize(db));
  return consistencyProofOf(from, within, rangeHasher(within, databaseTiles(db)));
}

/** The proof of an entry and the checkpoint that it leads to, as one text (c2sp.org/tlog-proof). */
export async function receipt(db: Db, idx: number, verifier: Verifier): Promise<string> {
  const head = await latestHead(db);
  if (head === undefined) throw notYet(idx);
  const { size, note } = openCheckpoint(head.note, verifier);
  const proof = await inclusionProof(db, idx, size);
  return [HEADER, `index ${idx}`, ...proof.map((node) => Buffer.from(node).toString('base64')), '', note].join('\n');
}

/** Verifies a receipt for an entry's bytes. Throws `ledger-bad-receipt`, or as `openCheckpoint`. */
export function verifyReceipt(
  text: string,
  entry: Uint8Array,
  verifier: Verifier,
): { idx: number; checkpoint: Checkpoint } {
  const [header, ...lines] = text.slice(0, text.indexOf('\n\n')).split('\n');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '');
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  if (header !== HEADER || index === null || proof.some((node) => node.length !== 32))
    throw badReceipt('expected its lines; came others');
  const checkpoint = openCheckpoint(text.slice(text.indexOf('\n\n') + 2), verifier);
  const idx = Number(index[1]);
  const holds = verifyInclusion({
    index: idx,
    size: checkpoint.size,
    leaf: leafHash(entry),
    proof,
    root: checkpoint.root,
  });
  if (!holds) throw badReceipt(`expected a path from these bytes at ${idx} to the signed root; it leads elsewhere`);
  return { idx, checkpoint };
}

const HEADER = 'c2sp.org/tlog-proof@v1';

async function newestSize(db: Db): Promise<number> {
  return (await latestHead(db))?.size ?? 0;
}

function notYet(idx: number): TrothError {
  return new TrothError('ledger-outside-tree', `expected a checkpoint that covers entry ${idx}; there is none yet`);
}

function badReceipt(what: string): TrothError {
  return new TrothError('ledger-bad-receipt', `receipt: ${what}`, {
    hint: 'the receipt and the entry do not belong together, or one was altered',
  });
}
