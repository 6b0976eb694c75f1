import { expect, test } from 'vitest';
import { load } from '../load.ts';
import type { PolicyDocument } from '../model/document.ts';
import { SHOP } from '../testing/shop.ts';
import { type Form, formOf } from './form-of.ts';

function shop(more = ''): PolicyDocument {
  const { document } = load(`${SHOP}\n${more}`, { file: 'shop.md' });
  if (document === undefined) throw new Error('no document');
  return document;
}

const brief = (form: Form | undefined) =>
  form?.fields.map(({ data, required, acceptNone, clause }) => [data, required, acceptNone, clause]);

test('a form has the declared fields in the order of the text, with clause, purposes and limits', () => {
  const form = formOf(shop(), 'registration');
  expect(brief(form)).toEqual([
    ['name', true, false, 's-account'],
    ['email', true, false, 's-account'],
    ['fax', true, true, 's-more'],
    ['password', true, false, 's-more'],
  ]);
  expect(form?.fields[0]).toMatchObject({
    input: 'text',
    max: 80,
    sensitive: false,
    label: { en: 'Name', zh: '姓名' },
  });
  expect(form?.fields[0]?.purposes).toEqual([{ id: 'service', label: { en: 'running the shop', zh: '经营商店' } }]);
  expect(form?.fields[3]).toMatchObject({ sensitive: true, max: 200 });
});

test('beside it stand the questions and the words of the policy', () => {
  const form = formOf(shop(), 'registration');
  expect(form?.asks).toEqual([
    expect.objectContaining({
      clause: 's-partners',
      words: { en: 'Partners may write to me.', zh: '合作伙伴可以给我写信。' },
    }),
  ]);
  expect(form?.asks[0]?.recipients.map(({ id }) => id)).toEqual(['partners']);
  expect(form?.tells).toEqual([
    expect.objectContaining({ clause: 's-caveat', what: 'caveat', acknowledge: true, before: 'submit' }),
  ]);
});

test('what comes from a device is on no form, and a page without fields has no caveat', () => {
  expect(formOf(shop(), 'browsing')).toMatchObject({ fields: [], tells: [] });
});

test('only what the rule requires is required', () => {
  expect(brief(formOf(shop(), 'question'))).toEqual([
    ['note', true, false, 's-ask'],
    ['email', false, false, 's-ask'],
  ]);
});

test('a telling without words carries the clause itself', () => {
  const more = 'Guard your password. {#s-guard}\n\n```rule\ntell: {what: advice, at: password_fields}\n```\n';
  expect(formOf(shop(more), 'registration')?.tells.at(-1)).toMatchObject({
    clause: 's-guard',
    words: { en: 'Guard your password.' },
  });
  expect(formOf(shop(more), 'question')?.tells.map(({ clause }) => clause)).toEqual(['s-caveat']);
});

test('the form of one’s own entries has what may be corrected, and no password', () => {
  const more =
    'Your page. {#s-page}\n\n```terms\nservices: {me: {label: Me, kind: self}}\n```\n\n```rule\nbrowse: {pages: public, needs: nothing}\n```\n';
  expect(brief(formOf(shop(more), 'me'))).toEqual([
    ['name', true, false, 's-rights'],
    ['email', true, false, 's-rights'],
    ['fax', true, true, 's-rights'],
  ]);
});

test('a service that is not declared has no form', () => {
  expect(formOf(shop(), 'casino')).toBeUndefined();
  expect(formOf(shop(), 'constructor')).toBeUndefined();
});
