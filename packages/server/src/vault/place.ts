import { TrothError } from '../platform/errors.ts';

/**
 * Where a sealed value belongs. The place is the associated data of the encryption: it is not stored in the envelope, so a value
 * that is moved to another row, field, version or person does not open there.
 */
export interface Place {
  /** The installation's id: no value opens in another house. */
  readonly installation: string;
  /** The person's id. */
  readonly person: string;
  /** The row's id. */
  readonly row: string;
  readonly field: string;
  /** The row's version, 0 to 4294967295: an older value cannot be put back under a newer version. */
  readonly version: number;
  /** What the value was taken in for, as a coarse class (the service). */
  readonly purposeClass: string;
}

const DOMAIN = Buffer.from('troth/place/1\0');
const NAMES = ['installation', 'person', 'row', 'field', 'purposeClass'] as const;

/**
 * The associated data of a place, in a fixed layout: a domain word, the envelope's header, the version (u32, big-endian), then
 * each text as length (u16) and UTF-8 bytes. The lengths make the layout unambiguous: no two places share their bytes.
 * @throws TrothError `place-invalid` on a version outside u32 or a text of more than 65535 bytes
 */
export function placeBytes(place: Place, header: Uint8Array): Buffer {
  let size = DOMAIN.length + header.length + 4;
  for (const name of NAMES) size += 2 + lengthOf(place, name);
  if (!Number.isInteger(place.version) || place.version < 0 || place.version > 0xffff_ffff) {
    throw new TrothError('place-invalid', `expected a version from 0 to 4294967295; came ${String(place.version)}`);
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = DOMAIN.copy(bytes);
  bytes.set(header, at);
  at = bytes.writeUInt32BE(place.version, at + header.length);
  for (const name of NAMES) {
    const written = bytes.write(place[name], at + 2, 'utf8');
    bytes.writeUInt16BE(written, at);
    at += 2 + written;
  }
  return bytes;
}

function lengthOf(place: Place, name: (typeof NAMES)[number]): number {
  const length = Buffer.byteLength(place[name], 'utf8');
  if (length > 0xffff)
    throw new TrothError('place-invalid', `expected a ${name} of at most 65535 bytes; came ${length}`);
  return length;
}
