import { expect, test } from 'vitest';
import { changes } from './changes.ts';
import type { PolicyDocument } from './model/document.ts';
import { parse } from './parse/parse.ts';
import { SHOP } from './testing/shop.ts';

function read(source: string): PolicyDocument {
  const { document } = parse(source, { file: 'shop.md' });
  if (document === undefined) throw new Error('no document');
  return document;
}

test('the same text, moved down by some lines, has not changed', () => {
  expect(changes(read(SHOP), read(SHOP.replace('# Privacy', '\n\n\n# Privacy')))).toEqual({
    added: [],
    removed: [],
    changed: [],
  });
});

test('tells new words from new rules', () => {
  const newer = SHOP.replace('Staff never see a password.', 'Nobody here sees a password.')
    .replace('object: any_time}', 'object: any_time, needs: reason}')
    .replace('{#s-tls}', '{#s-secure}');
  expect(changes(read(SHOP), read(newer))).toEqual({
    added: [{ id: 's-secure', new: 'Personal information travels over secured connections.', rules: true }],
    removed: [{ id: 's-tls', old: 'Personal information travels over secured connections.', rules: true }],
    changed: [
      {
        id: 's-offers',
        old: 'We write to you about offers until you tell us to stop.',
        new: 'We write to you about offers until you tell us to stop.',
        rules: true,
      },
      { id: 's-password', old: 'Staff never see a password.', new: 'Nobody here sees a password.', rules: false },
    ],
  });
});
