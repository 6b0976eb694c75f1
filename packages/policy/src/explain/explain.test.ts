import { expect, test } from 'vitest';
import type { Tables } from '../compile/tables.ts';
import { decide } from '../decide/decide.ts';
import { load } from '../load.ts';
import { REFUSAL_CODES, type Request } from '../model/request.ts';
import { SHOP } from '../testing/shop.ts';
import { explain } from './explain.ts';

const tables = load(SHOP, { file: 'shop.md' }).tables as Tables;
const told = (request: Request, language?: string) => explain(tables, decide(tables, request), language);
const share: Request = {
  action: 'share',
  actor: { kind: 'staff' },
  data: ['email'],
  purpose: 'partner_marketing',
  recipient: 'partners',
};

test('a missing consent names what was wanted and the clause that asks', () => {
  expect(told(share)).toEqual([
    'no consent to partner marketing (recipient: business partners); clause s-partners asks for it',
  ]);
  expect(told(share, 'zh')).toEqual(['未取得对合作伙伴营销（接收方：合作伙伴）的同意；条款 s-partners 征求该同意']);
});

test('a permit is told with its ground and its duties', () => {
  const use: Request = { action: 'use', actor: { kind: 'staff' }, data: ['email'], purpose: 'service' };
  expect(told(use)).toEqual(['allowed by clause s-account', 'show E-mail address masked', 'this is recorded']);
  expect(told(use, 'zh-CN')).toEqual(['依据条款 s-account 允许', '电子邮件地址须遮盖显示', '须记录在案']);
});

test('one sentence for each finding', () => {
  expect(
    told({ action: 'disclose', actor: { kind: 'staff' }, data: ['name'], purpose: 'legal', recipient: 'courts' }),
  ).toEqual([
    'a reference to the law, order or document is missing; clause s-law needs it',
    'a named officer is missing; clause s-law needs it',
  ]);
});

test('the default refusal names its clause', () => {
  expect(told({ ...share, data: ['note'] })).toEqual([
    'no rule of the policy allows this for Your question; clause s-private stands against it',
  ]);
});

test('a name from outside is repeated short and without signs', () => {
  const evil = `<script>${'x'.repeat(500)}\n\u001b[31m`;
  const [sentence] = told({ ...share, data: [evil] });
  expect(sentence).toMatch(/^the policy does not declare the field "script x+…"$/);
});

test('every code has words in both languages', () => {
  for (const code of REFUSAL_CODES) {
    for (const language of ['en', 'zh']) {
      const finding = {
        code,
        data: 'email',
        purpose: 'legal',
        recipient: 'courts',
        service: 'question',
        function: 'mailer',
        clause: 's-law',
      };
      const [sentence] = explain(tables, { permit: false, code, clauses: ['s-law'], findings: [finding] }, language);
      expect(sentence, code).toMatch(/^(?!.*undefined)..../);
      expect(/[\u4e00-\u9fff]/.test(sentence ?? '')).toBe(language === 'zh');
    }
  }
});
