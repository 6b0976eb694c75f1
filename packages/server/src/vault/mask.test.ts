import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mask, type MaskKind } from './mask.ts';

test.each<[MaskKind, string, string]>([
  ['name', 'Zoë van Dijk', 'Z*** v*** D***'],
  ['name', '王小明', '王***'],
  ['name', '欧阳 娜娜', '欧*** 娜***'],
  ['name', '王　小明', '*** 小***'],
  ['name', 'J', '***'],
  ['name', '👩‍🚀 Ann', '*** A***'],
  ['name', 'É́milie', 'É́***'],
  ['email', 'jane@mail.example.org', 'j***@m***.org'],
  ['email', 'j@e.cn', '***@***.cn'],
  ['email', '"a b@c"@example.com', '"***@e***.com'],
  ['email', '小明@例子.中国', '小***@例***.中国'],
  ['email', 'no address', '***'],
  ['email', '@example.com', '***'],
  ['email', 'jane@localhost', '***'],
  ['phone', '+86 532 8893 9999', '***99'],
  ['phone', '１３８００１３８０２７', '***27'],
  ['phone', '110', '***'],
  ['tail4', '6222021234567890', '***7890'],
  ['tail4', '1234567', '***'],
  ['all', 'anything', '***'],
  ['none', ' as it is ', ' as it is '],
  ['all', '', ''],
])('%s of %s is %s', (kind, value, masked) => {
  expect(mask(kind, value)).toBe(masked);
});

test('a masked value does not tell its length, and shows at most what its kind says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 9, maxLength: 60 }), (text) => {
      const word = `a${text.replaceAll(/\s/gu, 'x')}`;
      expect(mask('all', word)).toBe('***');
      expect(mask('name', word).length).toBeLessThanOrEqual(12 + 3);
      expect(mask('phone', '1234567' + '5'.repeat(word.length))).toBe('***55');
    }),
  );
});

test('an unknown kind hides everything', () => {
  expect(mask('typo' as MaskKind, 'value')).toBe('***');
});
