import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';

/**
 * C2SP signed notes (c2sp.org/signed-note) with Ed25519 keys: a text that ends in a newline, an empty line, and one line a
 * signature: em dash, key name, base64 of key id (4 bytes) and signature.
 */

/** A key that notes are verified with. */
export interface Verifier {
  name: string;
  /** Four bytes that help to find the key; no security rests on them. */
  id: Buffer;
  key: KeyObject;
}

/** A key that notes are signed with. */
export interface Signer extends Verifier {
  privateKey: KeyObject;
}

const ED25519 = 1;
// RFC 8410 wraps a raw Ed25519 key in these fixed bytes.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const MAX_SIGNATURES = 64;

/** The verifier of `name+hash+base64` (the vkey form of Go's note package). Throws `ledger-bad-vkey`. */
export function parseVkey(vkey: string): Verifier {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey.trim());
  const raw = Buffer.from(match?.[3] ?? '', 'base64');
  if (!match || raw.length !== 33 || raw[0] !== ED25519) {
    throw badKey('ledger-bad-vkey', 'expected name+hash+base64 of an Ed25519 key; came something else');
  }
  const verifier = verifierOf(match[1]!, raw.subarray(1));
  if (verifier.id.toString('hex') !== match[2])
    throw badKey('ledger-bad-vkey', `expected key hash ${verifier.id.toString('hex')}; came ${match[2]}`);
  return verifier;
}

/** The text form of a verifier: what an auditor is given. */
export function vkeyOf(verifier: Verifier): string {
  return `${verifier.name}+${verifier.id.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), rawPublic(verifier.key)]).toString('base64')}`;
}

/** The signer of `PRIVATE+KEY+name+hash+base64` (the form of Go's note package). Throws `ledger-bad-key`. */
export function parseSigner(text: string): Signer {
  const match = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const raw = Buffer.from(match?.[3] ?? '', 'base64');
  if (!match || raw.length !== 33 || raw[0] !== ED25519) {
    throw badKey('ledger-bad-key', 'expected PRIVATE+KEY+name+hash+base64 of an Ed25519 key; came something else');
  }
  const signer = signerOf(match[1]!, raw.subarray(1));
  if (signer.id.toString('hex') !== match[2])
    throw badKey('ledger-bad-key', 'expected a key whose hash fits its name; came one that does not');
  return signer;
}

/** The text form of a signer; secret. */
export function signerText(name: string, seed: Uint8Array): string {
  const { id } = signerOf(name, seed);
  return `PRIVATE+KEY+${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), seed]).toString('base64')}`;
}

/** Refuses a name that a note cannot carry: empty, with a space, a plus sign or a control character. */
export function checkKeyName(name: string): string {
  if (name.length > 0 && name.length <= 255 && !/[\s+\p{Cc}]/u.test(name)) return name;
  throw badKey(
    'ledger-bad-origin',
    'expected a name of 1 to 255 characters without space, plus or control characters; came another',
  );
}

/** Signs a text (which must end in a newline). */
export function signNote(text: string, signer: Signer): string {
  if (!text.endsWith('\n'))
    throw new TrothError('ledger-bad-note', 'expected a text that ends in a newline; came one that does not');
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n\u2014 ${signer.name} ${signature.toString('base64')}\n`;
}

/**
 * The text of a note that this key signed. Signatures of unknown keys are passed over; a wrong signature of the known one
 * condemns the note. Throws `ledger-bad-note` (not a note) or `ledger-bad-signature`.
 */
export function openNote(note: string, verifier: Verifier): string {
  const { text, signatures } = splitNote(note);
  let found = false;
  for (const { name, raw } of signatures) {
    if (name !== verifier.name || !raw.subarray(0, 4).equals(verifier.id)) continue;
    if (!verify(null, Buffer.from(text), verifier.key, raw.subarray(4))) {
      throw badKey(
        'ledger-bad-signature',
        `expected a signature of ${verifier.name} over this text; came one over another`,
      );
    }
    found = true;
  }
  if (!found) throw badKey('ledger-bad-signature', `expected a signature of ${vkeyOf(verifier)}; came none`);
  return text;
}

/** Takes a note apart without believing it. */
export function splitNote(note: string): { text: string; signatures: { name: string; raw: Buffer }[] } {
  const bad = (what: string) => new TrothError('ledger-bad-note', `signed note: ${what}`);
  // oxlint-disable-next-line no-control-regex -- the format forbids them
  if (/[\u0000-\u0009\u000b-\u001f\ufffd]/.test(note)) throw bad('expected no control characters; came one');
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) throw bad('expected a text, an empty line and signatures; came no such division');
  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw bad(`expected at most ${MAX_SIGNATURES} signatures; came ${lines.length}`);
  const signatures = lines.map((line) => {
    const match = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
    const raw = Buffer.from(match?.[2] ?? '', 'base64');
    if (!match || raw.length < 5 || raw.toString('base64') !== match[2])
      throw bad('expected a signature line; came something else');
    return { name: match[1]!, raw };
  });
  return { text: note.slice(0, at + 1), signatures };
}

function verifierOf(name: string, publicKey: Uint8Array): Verifier {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  const id = hash(
    'sha256',
    Buffer.concat([Buffer.from(`${checkKeyName(name)}\n`), Buffer.of(ED25519), publicKey]),
    'buffer',
  ).subarray(0, 4);
  return { name, id: Buffer.from(id), key };
}

function signerOf(name: string, seed: Uint8Array): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return { ...verifierOf(name, rawPublic(createPublicKey(privateKey))), privateKey };
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32);
}

function badKey(code: string, message: string): TrothError {
  return new TrothError(code, message);
}
