import { createHmac, type KeyObject } from 'node:crypto';
import { domainToASCII } from 'node:url';

/**
 * The blind index of a value: HMAC-SHA-256 (RFC 2104) of its normalised form under the keyring's index key. Equal values have
 * equal indexes, so a person can be found by an e-mail address that is stored nowhere in the clear; without the key an index
 * confirms no guess.
 * @param kind what the value is, e.g. `email`: the same value has another index as another kind
 * @returns 32 bytes
 */
export function blindIndex(key: KeyObject, kind: string, value: string): Buffer {
  return createHmac('sha256', key).update(`troth/blind/1\0${kind}\0`).update(normalise(kind, value)).digest();
}

/** Kinds of e-mail addresses: `email`, `email_change`, `staff_email`. */
const EMAIL_KIND = /(?:^|_)email(?:_|$)/u;

/** The form of a value that is compared: of a kind that says `email` see `normaliseEmail`; else in NFKC and trimmed. */
function normalise(kind: string, value: string): string {
  return EMAIL_KIND.test(kind) ? normaliseEmail(value) : value.normalize('NFKC').trim();
}

/**
 * The form of an e-mail address for looking it up, never for sending: Unicode NFKC, trimmed, in lower case on both sides of the
 * last @, an international domain in its ASCII form (RFC 5891). RFC 5321 lets a host tell `A@` from `a@`; none in use does, and
 * two accounts that differ in case alone would be one person's mistake.
 */
export function normaliseEmail(address: string): string {
  // Lower-casing can leave NFKC again (U+0130), so normalise once more.
  const text = address.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const domain = text.slice(at + 1);
  // Only what is a name of hosts is translated: the translation reads like a URL, and would cut anything else short, so that two
  // addresses became one.
  const host = /^[\p{L}\p{N}\p{M}.-]+$/u.test(domain) ? domainToASCII(domain) : '';
  return `${text.slice(0, at)}@${host || domain}`;
}
