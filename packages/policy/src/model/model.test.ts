import { expect, test } from 'vitest';
import { load } from '../load.ts';
import type { PolicyDocument } from './document.ts';
import { label } from './label.ts';
import { clausesOf, membersOf, rulesOf } from './queries.ts';
import { SHOP } from '../testing/shop.ts';

const document = load(SHOP, { file: 'shop.md' }).document as PolicyDocument;

test('a label speaks the language of the reader, or the nearest', () => {
  const { name, note } = document.terms.data;
  expect(label(name, 'zh')).toBe('姓名');
  expect(label(name, 'zh-CN')).toBe('姓名');
  expect(label(name, 'fr')).toBe('Name');
  expect(label(note, 'zh')).toBe('Your question');
  expect(label({ de: 'Nur deutsch' }, 'en')).toBe('Nur deutsch');
  expect(label({ id: 'a_word', label: {} }, 'en')).toBe('a word');
  expect(label('not_declared', 'en')).toBe('not declared');
  expect(label(undefined, 'en')).toBe('');
  expect(label({ en: 'yes' }, 'constructor')).toBe('yes');
});

test('a group means its members, to any depth; anything else itself', () => {
  expect(membersOf(document, 'personal')).toEqual(['name', 'email', 'fax', 'password']);
  expect(membersOf(document, 'contact')).toEqual(['name', 'email', 'fax']);
  expect(membersOf(document, 'note')).toEqual(['note']);
  expect(membersOf(document, 'constructor')).toEqual([]);
});

test('clauses and rules come in the order of the text', () => {
  expect(
    clausesOf(document)
      .map(({ id }) => id)
      .slice(0, 4),
  ).toEqual(['s-scope', 's-account', 's-more', 's-offers']);
  expect(rulesOf(document, 'collect').map(({ clause, body }) => [clause, body.service[0]])).toEqual([
    ['s-account', 'registration'],
    ['s-more', 'registration'],
    ['s-ask', 'question'],
    ['s-visits', 'browsing'],
  ]);
});
