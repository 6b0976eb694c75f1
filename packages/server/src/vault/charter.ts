import { randomUUID, timingSafeEqual, type KeyObject } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';
import { newSecret, rootCheck, unwrap, wrap, wrappingKey } from './epoch.ts';
import type { Charter, EpochRow } from './home.ts';

/** The keys of a keyring, unwrapped: every epoch that person keys still lie under, and the key of the blind indexes. */
export interface Unlocked {
  /** The newest epoch: new person keys lie under it. */
  epoch: number;
  epochKeys: ReadonlyMap<number, KeyObject>;
  indexKey: KeyObject;
}

const FORMAT = 1;

/** Draws what a new keyring starts with: installation id, first epoch, index key. */
export function newCharter(root: KeyObject, madeAt: Date): { charter: Charter; epoch: EpochRow } {
  const installation = randomUUID();
  const charter = { format: FORMAT, installation, rootCheck: rootCheck(root, installation) };
  return { charter, epoch: newEpoch(root, installation, 1, newSecret(), madeAt) };
}

/** Draws an epoch: a new key under the root, and the index key under the new epoch. */
function newEpoch(root: KeyObject, installation: string, epoch: number, indexKey: KeyObject, madeAt: Date): EpochRow {
  const epochKey = newSecret();
  return {
    epoch,
    wrapped: wrap(wrappingKey(root, installation), { installation, kind: 'epoch', epoch }, epochKey),
    wrappedIndexKey: wrap(epochKey, { installation, kind: 'index', epoch }, indexKey),
    madeAt,
  };
}

/** @throws TrothError `root-key-foreign` where the keyring was founded under another root key; `keyring-format` */
export function assertFits(charter: Charter, root: KeyObject): void {
  if (charter.format !== FORMAT) {
    throw new TrothError('keyring-format', `expected a keyring of format ${FORMAT}; came format ${charter.format}`, {
      hint: 'it was written by another version of Troth: start that version',
    });
  }
  const expected = rootCheck(root, charter.installation);
  if (expected.length !== charter.rootCheck.length || !timingSafeEqual(expected, charter.rootCheck)) {
    throw new TrothError(
      'root-key-foreign',
      'expected the root key that this keyring was founded under; came another',
      {
        hint: 'a keyring and its root key belong together: put back the pair; nothing was written',
      },
    );
  }
}

/**
 * Unwraps what the keyring needs while it is open.
 * @throws TrothError `root-key-foreign`, `keyring-format`, `key-unwrap-failed`, `keyring-empty`
 */
export function unlock(charter: Charter, rows: readonly EpochRow[], root: KeyObject): Unlocked {
  assertFits(charter, root);
  const { installation } = charter;
  const over = wrappingKey(root, installation);
  const epochKeys = new Map<number, KeyObject>();
  let newest: EpochRow | undefined;
  for (const row of rows) {
    epochKeys.set(row.epoch, unwrap(over, { installation, kind: 'epoch', epoch: row.epoch }, row.wrapped));
    if (newest === undefined || row.epoch > newest.epoch) newest = row;
  }
  const newestKey = newest && epochKeys.get(newest.epoch);
  if (newest === undefined || newestKey === undefined) {
    throw new TrothError('keyring-empty', 'expected at least one epoch in the keyring; there is none', {
      hint: 'put back the latest copy of the keyring',
    });
  }
  const indexKey = unwrap(newestKey, { installation, kind: 'index', epoch: newest.epoch }, newest.wrappedIndexKey);
  return { epoch: newest.epoch, epochKeys, indexKey };
}
