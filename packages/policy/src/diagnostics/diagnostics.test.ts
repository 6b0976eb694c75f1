// Every diagnostic, one by one: what is written, what is reported, and at which line and column.
import { describe, expect, test } from 'vitest';
import { load } from '../load.ts';
import { SHOP } from '../testing/shop.ts';
import { DIAGNOSTICS, type DiagnosticCode } from './catalogue.ts';

interface Wrong {
  readonly code: DiagnosticCode;
  readonly says: string;
  /** What is replaced in the sound policy. */
  readonly from: string;
  /** By what; the sign ¦ stands where the problem is to be reported. */
  readonly to: string;
  /** Other codes that follow from the same mistake. */
  readonly also?: readonly DiagnosticCode[];
}

const CASES: readonly Wrong[] = [
  {
    code: 'no_front_matter',
    says: 'front matter that is not there',
    from: '---\npolicy: shop',
    to: '¦# Shop {#shop}\n\n```rule\n```\n\n- policy: shop',
    also: ['prose_without_id', 'rule_without_clause', 'wrong_shape', 'missing_key', 'unknown_block'],
  },
  { code: 'too_deep', says: 'quotes in quotes without end', from: '> A remark', to: `¦${'> '.repeat(40)} A remark` },
  { code: 'binary_input', says: 'a zero byte', from: 'A remark of ours', to: 'A remark of ¦\u0000urs' },

  {
    code: 'yaml_syntax',
    says: 'a brace that is never closed',
    from: 'use: {data: email, for: marketing, basis: legitimate_interest, functions: [mailer], object: any_time}',
    to: 'use: {data: email, for: marketing¦',
    also: ['unused_term'],
  },
  {
    code: 'yaml_syntax',
    says: 'a key that comes twice',
    from: 'protect: {data: personal,',
    to: 'protect: {data: personal, ¦data: name,',
  },
  {
    code: 'yaml_alias',
    says: 'an anchor',
    from: 'offer: {right: [access, correction], data: personal,',
    to: 'offer: {right: [access, correction], data: &a ¦personal,',
  },
  {
    code: 'yaml_alias',
    says: 'an alias',
    from: 'offer: {right: [access, correction], data: personal,',
    to: 'offer: {right: [access, correction], data: ¦*personal,',
  },
  {
    code: 'yaml_tag',
    says: 'a tag of our own',
    from: 'protect: {data: personal, by: [tls',
    to: 'protect: {data: ¦!!set personal, by: [tls',
  },
  {
    code: 'yaml_tag',
    says: 'a tag that changes a type',
    from: 'protect: {data: personal, by: [tls',
    to: 'protect: {data: !!str ¦personal, by: [tls',
  },
  {
    code: 'wrong_shape',
    says: 'a list where a yes or no belongs',
    from: 'one_release: true',
    to: 'one_release: ¦[true]',
  },
  {
    code: 'wrong_shape',
    says: 'an empty rule',
    from: 'protect: {data: personal, by: [tls, sealed, access_logged]}',
    to: '¦',
    also: [],
  },
  {
    code: 'unknown_key',
    says: 'a key that the verb does not have',
    from: 'protect: {data: personal, by: [tls',
    to: 'protect: {data: personal, ¦with: hope, by: [tls',
  },
  { code: 'unknown_key', says: 'a key of the front matter', from: 'language: en', to: 'language: en\n¦mood: good' },
  {
    code: 'unknown_key',
    says: 'a kind of terms that there is not',
    from: 'measures:\n',
    to: '¦metrics:\n',
    also: ['undeclared_term'],
  },
  {
    code: 'missing_key',
    says: 'a use without purpose',
    from: 'use: {data: email, for: marketing, basis',
    to: 'use: ¦{data: email, basis',
    also: ['unused_term'],
  },
  { code: 'missing_key', says: 'a policy without a date', from: 'date: 2026-01-31\n', to: '', also: [] },
  {
    code: 'unknown_value',
    says: 'a basis that the law does not know',
    from: 'for: service, basis: contract, by: staff, show: clear',
    to: 'for: service, basis: ¦goodwill, by: staff, show: clear',
  },
  {
    code: 'unknown_value',
    says: 'a day that no calendar has',
    from: 'effective: 2026-02-01',
    to: 'effective: ¦2026-02-41',
  },
  {
    code: 'empty_list',
    says: 'nobody to act',
    from: 'for: service, basis: contract, by: staff, show: clear',
    to: 'for: service, basis: contract, by: ¦[], show: clear',
  },
  { code: 'bad_id', says: 'a term with a capital', from: '  courts: {', to: '  ¦Courts: {', also: ['undeclared_term'] },
  {
    code: 'duplicate_term',
    says: 'a term declared again',
    from: '  visits: {label: Number of visits}',
    to: '  visits: {label: Number of visits}\n```\n\n```terms\nmeasures:\n  ¦visits: {label: Again}',
  },

  {
    code: 'prose_without_id',
    says: 'a sentence without an id',
    from: 'Staff never see a password. {#s-password}',
    to: '¦Staff never see a password.',
  },
  {
    code: 'misplaced_id',
    says: 'an id in the middle',
    from: 'Staff never see a password. {#s-password}',
    to: '¦Staff {#s-staff} never see a password. {#s-password}',
  },
  {
    code: 'misplaced_id',
    says: 'an id with nothing before it',
    from: 'Staff never see a password. {#s-password}',
    to: '¦{#s-password}',
  },
  {
    code: 'bad_clause_id',
    says: 'an id with a slash',
    from: 'Staff never see a password. {#s-password}',
    to: 'Staff never see a password. ¦{#s/password}',
  },
  {
    code: 'duplicate_id',
    says: 'a clause id used again',
    from: 'Staff never see a password. {#s-password}',
    to: 'Staff never see a password. ¦{#s-offers}',
  },
  {
    code: 'duplicate_id',
    says: 'a section with the id of another',
    from: '## Sharing',
    to: '¦## Sharing {#accounts}',
    also: ['broken_reference'],
  },
  {
    code: 'clause_without_rule',
    says: 'prose that nothing keeps',
    from: 'Staff never see a password. {#s-password}',
    to: '¦We love privacy. {#s-love}\n\nStaff never see a password. {#s-password}',
  },
  {
    code: 'rule_without_clause',
    says: 'a rule right under a heading',
    from: '## Safety\n',
    to: '## Safety\n\n¦```rule\nstate: belief\n```\n',
  },
  {
    code: 'rule_without_clause',
    says: 'a rule in a remark',
    from: '> A remark of ours: see',
    to: '> ¦```rule\n> state: belief\n> ```\n>\n> A remark of ours: see',
  },
  { code: 'unknown_block', says: 'raw HTML', from: '## Safety\n', to: '## Safety\n\n¦<div>Hello</div>\n' },
  {
    code: 'unknown_block',
    says: 'a block of another language',
    from: '## Safety\n',
    to: '## Safety\n\n¦```js\nalert(1)\n```\n',
  },
  {
    code: 'unknown_verb',
    says: 'a verb that there is not',
    from: 'protect: {data: personal, by: [tls, sealed, access_logged]}',
    to: '¦cherish: {data: personal}',
  },
  {
    code: 'mixed_statement',
    says: 'a scope that also grants',
    from: 'state: scope',
    to: '- ¦state: scope\n- browse: {pages: public, needs: nothing}',
  },
  {
    code: 'broken_reference',
    says: 'a link to a clause that is not there',
    from: '[accounts](#s-account)',
    to: '¦[accounts](#s-acount)',
  },
  {
    code: 'broken_reference',
    says: 'a broken link in a remark',
    from: '> A remark of ours: see',
    to: '> A remark of ¦[ours](#us): see',
  },

  {
    code: 'undeclared_term',
    says: 'a purpose that nobody declared',
    from: 'use: {data: email, for: marketing,',
    to: 'use: {data: email, for: [marketing, ¦world_peace],',
  },
  {
    code: 'undeclared_term',
    says: 'the name of something that every object has',
    from: 'use: {data: email, for: marketing,',
    to: 'use: {data: [email, ¦constructor], for: marketing,',
  },
  {
    code: 'undeclared_term',
    says: 'a place that is neither a place nor a service',
    from: 'at: personal_forms',
    to: 'at: ¦front_door',
  },
  {
    code: 'undeclared_term',
    says: 'a group that nobody declared',
    from: 'mask: name, in: contact',
    to: 'mask: name, in: [contact, ¦friends]',
  },
  {
    code: 'unknown_clause',
    says: 'an exception for a clause that is not there',
    from: 'unless: [s-partners, s-law]',
    to: 'unless: [s-partners, s-law, ¦s-lawyers]',
  },
  {
    code: 'unknown_clause',
    says: 'a default refusal that is not there',
    from: 'default_refusal: s-private',
    to: 'default_refusal: ¦s-never',
  },
  { code: 'undeclared_setting', says: 'a figure that nobody set', from: 'cell: cell_size', to: 'cell: ¦cell_sise' },
  {
    code: 'undeclared_setting',
    says: 'a cookie that lasts as long as what',
    from: '  visit: {label: Visit cookie, class: statistics, lasts: session',
    to: '  ¦visit: {label: Visit cookie, class: statistics, lasts: a_while',
  },
  {
    code: 'not_a_group',
    says: 'a field put into a field',
    from: 'mask: phone, in: contact',
    to: 'mask: phone, in: [contact, ¦name]',
  },
  {
    code: 'group_cycle',
    says: 'two groups in each other',
    from: '  personal: {label: {en: Personal information, zh: 个人信息}, group: true}',
    to: '  ¦personal: {label: {en: Personal information, zh: 个人信息}, group: true, in: contact}',
    also: ['group_cycle'],
  },
  {
    code: 'empty_group',
    says: 'a group with nobody in it',
    from: '  courts: {',
    to: '  ¦press: {label: The press, group: true}\n  courts: {',
  },
  {
    code: 'unused_term',
    says: 'a purpose that no rule names',
    from: '  legal: {',
    to: '  ¦fun: {label: fun}\n  legal: {',
  },

  {
    code: 'not_in_rule',
    says: 'a required field that the rule does not collect',
    from: 'required: [note]',
    to: 'required: [note, ¦fax]',
  },
  {
    code: 'field_without_input',
    says: 'a form field without an input',
    from: 'data: [note, email], for: answering, basis: not_stated, required',
    to: 'data: [note, email, ¦pages], for: answering, basis: not_stated, required',
  },
  {
    code: 'function_not_named',
    says: 'a use by functions that nobody names',
    from: '  - use: {data: [fax], for: service, basis: contract, by: staff',
    to: '  - ¦use: {data: [fax], for: service, basis: contract, by: [staff, function]',
  },
  {
    code: 'collected_never_used',
    says: 'visits that nobody counts',
    from: '- count: {measures: visits, from: [pages, visitor_code], for: measuring, cell: cell_size}\n',
    to: '',
    also: ['unused_term'],
  },
  {
    code: 'used_never_collected',
    says: 'a use of what never comes in',
    from: '  - collect: {service: registration, data: [fax, password]',
    to: '  - collect: {service: registration, data: [password]',
    also: ['not_in_rule'],
  },
  {
    code: 'consent_not_asked',
    says: 'a consent that no box asks for',
    from: 'use: {data: email, for: marketing, basis: legitimate_interest',
    to: '¦use: {data: email, for: marketing, basis: consent',
  },
  {
    code: 'consent_not_asked',
    says: 'a recipient that the box does not name',
    from: 'share: {data: email, to: partners,',
    to: 'share: {data: email, to: [partners, courts],',
  },
  {
    code: 'consent_not_asked',
    says: 'data that the box does not name',
    from: 'share: {data: email, to: partners,',
    to: 'share: {data: [email, name], to: partners,',
  },
  {
    code: 'consent_not_needed',
    says: 'a box that serves nothing',
    from: '- contact: {service: question',
    to: '- ¦ask: {consent_to: answering, words: May we?}\n- contact: {service: question',
  },
  {
    code: 'contradiction',
    says: 'a grant that is forbidden whole',
    from: 'unless: [s-partners, s-law]',
    to: 'unless: [s-partners]',
  },
  {
    code: 'partial_contradiction',
    says: 'a named field that is forbidden whole',
    from: 'forbid: {actions: use, data: password, by: staff}',
    to: 'forbid: {actions: use, data: fax, for: service, by: [person, staff]}\n```\n\nNor by name. {#s-name}\n\n```rule\nforbid: {actions: use, data: name}',
    also: ['contradiction', 'unused_term'],
  },
  {
    code: 'unless_without_grant',
    says: 'an exception for a clause that grants nothing',
    from: 'unless: [s-partners, s-law]',
    to: 'unless: [s-partners, s-law, ¦s-caveat]',
  },
  {
    code: 'shared_without_ground',
    says: 'a disclosure on no ground',
    from: 'disclose: {data: personal, to: courts, for: legal, ground: legal,',
    to: '¦disclose: {data: personal, to: courts, for: legal,',
  },
  {
    code: 'shared_without_ground',
    says: 'a sharing on no basis',
    from: '- share: {data: email, to: partners, for: partner_marketing, basis: consent,',
    to: '- ¦share: {data: email, to: partners, for: partner_marketing,',
    also: ['consent_not_needed'],
  },
  {
    code: 'cookie_without_rule',
    says: 'a cookie that no rule sets',
    from: '  visit: {label',
    to: '  ¦taste: {label: Taste}\n  visit: {label',
  },
];

describe('what is wrong with the whole text', () => {
  const only = (source: string): readonly string[] =>
    load(source, { file: 'p.md' }).diagnostics.map(({ code }) => code);

  test('a text of more than 5 MB is not read', () => {
    const { document, diagnostics } = load(`${SHOP}${'x'.repeat(5_000_000)}`, { file: 'big.md' });
    expect(document).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'too_large', file: 'big.md', line: 1, column: 1 }]);
    expect(only('声'.repeat(2_000_000))).toEqual(['too_large']);
    expect(load('\n'.repeat(50_001), { file: 'p.md' }).diagnostics).toMatchObject([
      { code: 'too_large', expected: 'at most 50000 lines' },
    ]);
  });

  test('a policy without a clause is none', () => {
    expect(only(SHOP.slice(0, SHOP.indexOf('# Privacy')))).toEqual(['no_clauses', 'unknown_clause']);
  });

  test('a text whose marks nest without end is refused, not read', () => {
    expect(only(`${SHOP}\n${'[![a]('.repeat(20_000)}{#x}`)).toEqual(['too_dense']);
    expect(only(`${SHOP}\n${'*[_`<\n'.repeat(20_000)}{#x}`)).toEqual(['too_dense']);
    expect(only(`${SHOP}\n${'*_'.repeat(20_000)}a${'_*'.repeat(20_000)} {#x}`)).toEqual(['too_dense']);
    expect(only(`${SHOP}\n${'_a __b '.repeat(2_000)} {#x}`)).toEqual(['too_dense']);
    expect(only(`${SHOP}\n${'!['.repeat(2_000)} {#x}`)).toEqual(['too_dense']);
    expect(only(`${SHOP}\n${'> '.repeat(20_000)}x`)).toEqual(['too_deep']);
    expect(
      only(`${SHOP}\n${Array.from({ length: 60 }, (_, depth) => `${'  '.repeat(depth)}- a {#a${depth}}\n`).join('')}`),
    ).toContain('too_deep');
  });

  test('a parser that runs out of stack says so and does not throw', () => {
    const dive = (): readonly string[] => {
      try {
        return dive();
      } catch {
        return only(SHOP);
      }
    };
    expect(dive()).toEqual(['unreadable']);
  });

  test('bytes that were no UTF-8 are told as such', () => {
    expect(load('caf\ufffd', { file: 'p.md' }).diagnostics).toMatchObject([
      { code: 'binary_input', found: 'bytes that are not UTF-8' },
    ]);
  });

  test('an empty text is no policy', () => {
    expect(only('')).toEqual(['no_front_matter', 'no_clauses']);
  });
});

test('every code of the catalogue is shown here', () => {
  const shown = new Set([...CASES.map(({ code }) => code), 'too_large', 'too_dense', 'no_clauses', 'unreadable']);
  expect(Object.keys(DIAGNOSTICS).filter((code) => !shown.has(code))).toEqual([]);
});

function change(from: string, to: string): { source: string; line: number | undefined; column: number | undefined } {
  expect(SHOP.split(from), `"${from}" stands once in the fixture`).toHaveLength(2);
  const marked = SHOP.replace(from, () => to);
  const offset = marked.indexOf('¦');
  if (offset === -1) return { source: marked, line: undefined, column: undefined };
  const before = marked.slice(0, offset).split('\n');
  return { source: marked.replace('¦', ''), line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

test('the sound policy has no diagnostic', () => {
  expect(load(SHOP, { file: 'shop.md' }).diagnostics).toEqual([]);
});

describe('each problem is found where it is', () => {
  test.each(CASES.map((wrong) => [wrong.code, wrong.says, wrong] as const))('%s: %s', (code, _says, wrong) => {
    const { source, line, column } = change(wrong.from, wrong.to);
    const { diagnostics, tables } = load(source, { file: 'shop.md' });
    const found = diagnostics.find((each) => each.code === code && (line === undefined || each.line === line));
    expect(found, JSON.stringify(diagnostics, undefined, 1)).toMatchObject({
      code,
      level: DIAGNOSTICS[code].level,
      file: 'shop.md',
      mend: DIAGNOSTICS[code].mend,
      ...(line !== undefined && { line, column }),
    });
    expect(found?.message).toContain(DIAGNOSTICS[code].what);
    const known = new Set<string>([code, ...(wrong.also ?? [])]);
    expect(diagnostics.map((each) => each.code).filter((each) => !known.has(each))).toEqual([]);
    if (DIAGNOSTICS[code].level === 'error') expect(tables).toBeUndefined();
  });
});
