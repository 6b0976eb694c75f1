import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blindIndex, normaliseEmail } from './blind.ts';

const key = createSecretKey(randomBytes(32));

test.each([
  ['  Jane@Example.COM ', 'jane@example.com'],
  ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'jane@example.com'],
  ['jane@BÜCHER.example', 'jane@xn--bcher-kva.example'],
  ['jane@xn--bcher-kva.example', 'jane@xn--bcher-kva.example'],
  ['no address', 'no address'],
])('%s is looked up as %s', (address, form) => {
  expect(normaliseEmail(address)).toBe(form);
});

test('the look-up form is stable: taking it twice changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' }), fc.constant('İ@İ.tr')), (address) => {
      const once = normaliseEmail(address);
      expect(normaliseEmail(once)).toBe(once);
    }),
  );
});

test('equal values have equal indexes; another kind, value or key has another', () => {
  const index = blindIndex(key, 'email', 'jane@example.com');
  expect(index).toHaveLength(32);
  expect(blindIndex(key, 'email', ' JANE@example.com')).toEqual(index);
  expect(blindIndex(key, 'email_pending', 'jane@example.com')).not.toEqual(index);
  expect(blindIndex(key, 'staff_email', ' JANE@example.com')).toEqual(
    blindIndex(key, 'staff_email', 'jane@example.com'),
  );
  expect(blindIndex(key, 'reference', 'AB')).not.toEqual(blindIndex(key, 'reference', 'ab'));
  expect(blindIndex(key, 'email', 'june@example.com')).not.toEqual(index);
  expect(blindIndex(createSecretKey(randomBytes(32)), 'email', 'jane@example.com')).not.toEqual(index);
});
