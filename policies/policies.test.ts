// The two policies: sound, complete against the list of clauses, and decided as a careful reader of their texts would decide.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide, explain, formOf, load, type PolicyDocument, type Tables } from '@troth/policy';
import type { Case } from './case.ts';
import { haierCases } from './haier/decisions.ts';
import { madeInChinaCases } from './made-in-china/decisions.ts';

interface ListedClause {
  readonly id: string;
  readonly source: string;
  readonly mode: string;
}

const here = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const listed: readonly ListedClause[] = JSON.parse(here('../conformance/clauses.json'));

const POLICIES = [
  { folder: 'made-in-china', source: 'mic', clauses: 44, cases: madeInChinaCases },
  { folder: 'haier', source: 'haier', clauses: 20, cases: haierCases },
] as const;

function sound(folder: string): { document: PolicyDocument; tables: Tables } {
  const file = `${folder}/policy.md`;
  const { document, tables, diagnostics } = load(here(`./${file}`), { file });
  expect(diagnostics.map(({ code, line, message }) => `${file}:${line} ${code}: ${message}`)).toEqual([]);
  if (document === undefined || tables === undefined) throw new Error(`${file} does not load`);
  return { document, tables };
}

describe.each(POLICIES)('$folder', ({ folder, source, clauses, cases }) => {
  const policy = sound(folder);
  const ofSource = listed.filter((clause) => clause.source === source);

  test('has every clause of the list under its id, and no other', () => {
    expect(ofSource).toHaveLength(clauses);
    expect(policy.document.clauses.map(({ id }) => id)).toEqual(ofSource.map(({ id }) => id));
  });

  test('states only where the source states', () => {
    const modes = new Map(ofSource.map(({ id, mode }) => [id, mode]));
    for (const clause of policy.document.clauses) {
      if (clause.statement !== undefined) expect([clause.id, modes.get(clause.id)]).toEqual([clause.id, 'states']);
      else expect(clause.rules.length, clause.id).toBeGreaterThan(0);
    }
  });

  test('gives every figure that is ours a reason', () => {
    for (const { id, why } of Object.values(policy.document.settings))
      expect([id, why?.en ?? '']).toEqual([id, expect.stringMatching(/\w/)]);
  });

  test('labels every term in English and Chinese', () => {
    const { data, purposes, recipients, services, functions, cookies, measures } = policy.document.terms;
    for (const kind of [data, purposes, recipients, services, functions, cookies, measures]) {
      for (const { id, label } of Object.values(kind)) {
        expect([id, Object.keys(label).sort()]).toEqual([id, ['en', 'zh']]);
      }
    }
  });

  test.each(cases.map((one) => [one.says, one] as const))('%s', (_says, { request, answer }: Case) => {
    const decision = decide(policy.tables, request);
    const seen = decision.permit
      ? { permit: true, clauses: decision.clauses, duties: decision.duties.map(({ kind }) => kind) }
      : {
          permit: false,
          code: decision.code,
          clauses: decision.clauses,
          fields: decision.findings.map(({ data }) => data),
        };
    expect(seen).toMatchObject({
      permit: answer.permit,
      clauses: expect.arrayContaining([...answer.clauses]),
      ...('code' in answer && { code: answer.code }),
      ...('fields' in answer && { fields: expect.arrayContaining([...(answer.fields ?? [])]) }),
      ...('duties' in answer && { duties: expect.arrayContaining([...(answer.duties ?? [])]) }),
    });
    const told = explain(policy.tables, decision, 'en');
    expect(told.length).toBeGreaterThan(0);
    if (!decision.permit && answer.clauses[0] !== undefined) expect(told.join('\n')).toContain(answer.clauses[0]);
  });
});

test('registration asks for what the policy names, in its order, and question and concern for no more than they need', () => {
  const fields = (document: PolicyDocument, service: string) =>
    formOf(document, service)?.fields.map(({ data }) => data);
  const trade = sound('made-in-china').document;
  expect(fields(trade, 'registration')).toEqual([
    'name',
    'email_address',
    'company_name',
    'company_location',
    'company_phone',
    'company_fax',
    'company_web_address',
    'company_description',
    'company_type',
    'company_turnover',
    'company_employee_count',
    'password',
  ]);
  expect(fields(trade, 'question')).toEqual(['email_address', 'feedback_content']);
  expect(fields(sound('haier').document, 'concern')).toEqual(['feedback_content']);
});

test('registration asks two separate permissions, warns, and wants the risk acknowledged', () => {
  const form = formOf(sound('made-in-china').document, 'registration');
  expect(form?.asks.map(({ clause, recipients }) => [clause, recipients])).toEqual([
    ['mic-26', [expect.objectContaining({ id: 'business_partners' })]],
    ['mic-26', [expect.objectContaining({ id: 'sponsors' })]],
  ]);
  for (const ask of form?.asks ?? []) expect(Object.keys(ask.words).sort()).toEqual(['en', 'zh']);
  expect(form?.tells.map(({ clause, acknowledge }) => [clause, acknowledge])).toEqual(
    expect.arrayContaining([
      ['mic-32', false],
      ['mic-33', true],
      ['mic-36', false],
    ]),
  );
});
