import { randomBytes, randomUUID } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a reference survives being read out on the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const REFERENCE_BYTES = 10;

/** A random id (UUID version 4, RFC 9562). Never derived from anything about a person. */
export function newId(): string {
  return randomUUID();
}

/** A random id that begins as a reference does, so that the desk can call a case what its sender calls it. */
export function newIdUnder(reference: string): string {
  const group = reference.split('-')[1] ?? '';
  let bits = 0;
  for (const letter of group) bits = bits * 32 + ALPHABET.indexOf(letter);
  return bits.toString(16).padStart(5, '0') + randomUUID().slice(5);
}

/** The beginning of the reference that an id was made under: `TR-4F7K`, 20 of its bits. The 60 that open it stay the sender's. */
export function beginningOf(id: string): string {
  const bits = Number.parseInt(id.slice(0, 5), 16);
  return `TR-${[15, 10, 5, 0].map((shift) => ALPHABET[(bits >> shift) & 31]).join('')}`;
}

/** Is this the text of a UUID? (Any version; lower case as PostgreSQL prints it.) */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

/**
 * A reference that a person can write down: `TR-4F7K-9Q2M-0D5X-H8PA`, 80 random bits. That many, because whoever knows the
 * reference may follow the case: it must not be guessable.
 */
export function newReference(): string {
  let bits = 0n;
  for (const byte of randomBytes(REFERENCE_BYTES)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)];
  return `TR-${text.match(/.{4}/g)!.join('-')}`;
}

/**
 * Reads a reference as people type it: any case, spaces or dashes anywhere, O for 0, I or L for 1.
 * Returns the one right spelling, or undefined if it can be no reference.
 */
export function readReference(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '');
  if (!plain.startsWith('TR')) return undefined;
  const body = plain.slice(2).replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(body)) return undefined;
  return `TR-${body.match(/.{4}/g)!.join('-')}`;
}
