import { TrothError } from '../platform/errors.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { secretOf, type PersonKey } from './person-key.ts';
import type { Place } from './place.ts';

/**
 * The vault's door: the only two verbs that turn personal data into sealed bytes and back. Only the gate imports this file,
 * and the gate does so only for a permit; `door.test.ts` holds it.
 */

/**
 * Seals a value for one place.
 * @param key the key of the very person whom the place names
 * @returns the envelope, 34 bytes longer than the value
 * @throws TrothError `key-of-another` where key and place name different persons
 */
export function seal(key: PersonKey, place: Place, clear: Uint8Array): Buffer {
  if (key.person !== place.person) {
    throw new TrothError(
      'key-of-another',
      'expected the key of the person whom the place names; came the key of another',
    );
  }
  return sealEnvelope(secretOf(key), key.epoch, place, clear);
}

/**
 * Opens a value at its place.
 * @throws TrothError `envelope-closed` whatever the reason
 */
export function open(key: PersonKey, place: Place, envelope: Uint8Array): Buffer {
  return openEnvelope(secretOf(key), place, envelope);
}
