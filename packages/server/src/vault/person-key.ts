import type { KeyObject } from 'node:crypto';

const SECRETS = new WeakMap<PersonKey, KeyObject>();

/**
 * The key of one person, as the rest of the house sees it: whose it is and which epoch wraps it. The secret itself is not a
 * property: only the vault's own modules reach it, so that holding a key is not enough to open anything without the door.
 */
export class PersonKey {
  readonly person: string;
  readonly epoch: number;

  constructor(person: string, epoch: number, secret: KeyObject) {
    this.person = person;
    this.epoch = epoch;
    SECRETS.set(this, secret);
    Object.freeze(this);
  }
}

/** The secret of a key. For `door.ts` alone. */
export function secretOf(key: PersonKey): KeyObject {
  const secret = SECRETS.get(key);
  if (secret === undefined) throw new TypeError('expected a key that the keyring handed out');
  return secret;
}
