import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTrothError } from '../platform/errors.ts';
import { ENVELOPE_OVERHEAD, openEnvelope, sealEnvelope } from './envelope.ts';
import { freshNonce } from './nonce.ts';
import { placeBytes, type Place } from './place.ts';

const secret = createSecretKey(randomBytes(32));
const word = fc.string({ unit: 'binary', maxLength: 40 });
const place: fc.Arbitrary<Place> = fc.record({
  installation: word,
  person: word,
  row: word,
  field: word,
  version: fc.nat(0xffff_ffff),
  purposeClass: word,
});
const clear = fc.uint8Array({ maxLength: 300 });
const epoch = fc.nat(0xffff_ffff);

function outcome(open: () => Buffer): string {
  try {
    return open().toString('hex');
  } catch (error) {
    return isTrothError(error) ? `${error.code}: ${error.message}` : 'other';
  }
}
const closed = 'envelope-closed: expected a value sealed for this very place and person; it does not open';

test('what is sealed opens at its place, 34 bytes longer, and never looks the same twice', () => {
  fc.assert(
    fc.property(place, clear, epoch, (where, value, number) => {
      const envelope = sealEnvelope(secret, number, where, value);
      expect(envelope.length).toBe(value.length + ENVELOPE_OVERHEAD);
      expect(envelope.readUInt32BE(2)).toBe(number);
      expect(openEnvelope(secret, where, envelope).equals(value)).toBe(true);
      expect(sealEnvelope(secret, number, where, value).equals(envelope)).toBe(false);
    }),
  );
});

test('a value moved to any other place does not open, and the error does not say why', () => {
  fc.assert(
    fc.property(place, place, clear, (where, elsewhere, value) => {
      const envelope = sealEnvelope(secret, 1, where, value);
      for (const name of Object.keys(where) as (keyof Place)[]) {
        if (where[name] === elsewhere[name]) continue;
        const moved = { ...where, [name]: elsewhere[name] };
        // Texts that are not well-formed Unicode can share their UTF-8 bytes; those are one place.
        if (placeBytes(moved, Buffer.alloc(0)).equals(placeBytes(where, Buffer.alloc(0)))) continue;
        expect(outcome(() => openEnvelope(secret, moved, envelope))).toBe(closed);
      }
    }),
  );
});

test('two different places never share their bytes, wherever text is moved from one field to the next', () => {
  const base: Place = { installation: 'a', person: 'b', row: 'cd', field: 'e', version: 1, purposeClass: 'f' };
  const shifted = { ...base, row: 'c', field: 'de' };
  expect(placeBytes(base, Buffer.alloc(6)).equals(placeBytes(shifted, Buffer.alloc(6)))).toBe(false);
  const envelope = sealEnvelope(secret, 1, base, Buffer.from('x'));
  expect(outcome(() => openEnvelope(secret, shifted, envelope))).toBe(closed);
});

test('every changed byte, a shorter envelope and another key all fail alike', () => {
  fc.assert(
    fc.property(place, clear, fc.nat(), fc.integer({ min: 1, max: 255 }), (where, value, at, flip) => {
      const envelope = sealEnvelope(secret, 1, where, value);
      const changed = Buffer.from(envelope);
      const index = at % changed.length;
      changed[index] = changed[index]! ^ flip;
      expect(outcome(() => openEnvelope(secret, where, changed))).toBe(closed);
      expect(outcome(() => openEnvelope(secret, where, envelope.subarray(0, index)))).toBe(closed);
      expect(outcome(() => openEnvelope(createSecretKey(randomBytes(32)), where, envelope))).toBe(closed);
    }),
  );
});

test('a place outside its limits is refused', () => {
  const base: Place = { installation: 'a', person: 'b', row: 'c', field: 'd', version: 1, purposeClass: 'e' };
  for (const bad of [
    { ...base, version: -1 },
    { ...base, version: 1.5 },
    { ...base, version: 2 ** 32 },
    { ...base, row: 'x'.repeat(65_536) },
  ]) {
    expect(outcome(() => sealEnvelope(secret, 1, bad, Buffer.alloc(0)))).toMatch(/^place-invalid/u);
  }
});

test('nonces are handed out once, across refills of their pool', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5_000; i += 1) seen.add(freshNonce().toString('hex'));
  expect(seen.size).toBe(5_000);
});
