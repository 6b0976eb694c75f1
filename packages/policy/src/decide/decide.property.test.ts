// What holds for every policy and every request.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { Tables } from '../compile/tables.ts';
import { explain } from '../explain/explain.ts';
import { REFUSAL_CODES, type Request } from '../model/request.ts';
import { parse } from '../parse/parse.ts';
import { forbidRule, grantRule, policyOf, type RandomRule, request } from '../testing/random.ts';
import { decide } from './decide.ts';
import { mayPass } from '../testing/oracle.ts';

const rules = fc.array(fc.oneof({ weight: 6, arbitrary: grantRule }, { weight: 1, arbitrary: forbidRule }), {
  maxLength: 8,
});
const requests = fc.array(request, { minLength: 30, maxLength: 30 });
const RUNS = { numRuns: 40 };

function tablesOf(list: readonly RandomRule[]): Tables {
  const { document, diagnostics } = parse(policyOf(list), { file: 'random.md' });
  expect(diagnostics.filter(({ code }) => code !== 'no_clauses')).toEqual([]);
  if (document === undefined) throw new Error('no document');
  return compile(document);
}

function each(
  list: readonly RandomRule[],
  asked: readonly Request[],
  look: (tables: Tables, request: Request) => void,
): void {
  const tables = tablesOf(list);
  for (const one of asked) look(tables, one);
}

test('every request gets an answer, the same one each time, with codes, clauses and words', () => {
  fc.assert(
    fc.property(rules, requests, (list, asked) => {
      const clauses = new Set(list.map((_, index) => `c${index}`));
      each(list, asked, (tables, one) => {
        const decision = decide(tables, one);
        expect(decide(tables, structuredClone(one))).toEqual(decision);
        for (const clause of decision.clauses) expect(clauses).toContain(clause);
        if (decision.permit) expect(decision.clauses.length).toBeGreaterThan(0);
        else {
          expect(decision.code).toBe(decision.findings[0]?.code);
          for (const { code } of decision.findings) expect(REFUSAL_CODES).toContain(code);
        }
        for (const language of ['en', 'zh-CN']) {
          const told = explain(tables, decision, language);
          if (!decision.permit) expect(told).toHaveLength(decision.findings.length);
          for (const sentence of told) expect(sentence).toMatch(/^(?!.*undefined).+$/u);
        }
      });
    }),
    RUNS,
  );
});

test('decides as the plain reading of the rules does', () => {
  let permitted = 0;
  fc.assert(
    fc.property(rules, requests, (list, asked) => {
      each(list, asked, (tables, one) => {
        const { permit } = decide(tables, one);
        expect({ one, permit }).toEqual({ one, permit: mayPass(list, one) });
        if (permit) permitted += 1;
      });
    }),
    { numRuns: 150 },
  );
  // Else the property would say little.
  expect(permitted).toBeGreaterThan(100);
});

test('without a grant everything is refused', () => {
  fc.assert(
    fc.property(fc.array(forbidRule, { maxLength: 3 }), requests, (list, asked) => {
      each(list, asked, (tables, one) => expect(decide(tables, one).permit).toBe(false));
    }),
    RUNS,
  );
});

test('a prohibition never permits', () => {
  fc.assert(
    fc.property(rules, forbidRule, requests, (list, forbid, asked) => {
      const more = tablesOf([...list, forbid]);
      each(list, asked, (tables, one) => {
        if (!decide(tables, one).permit) expect(decide(more, one).permit).toBe(false);
      });
    }),
    RUNS,
  );
});

test('one more grant never refuses what was permitted', () => {
  fc.assert(
    fc.property(rules, grantRule, requests, (list, grant, asked) => {
      const more = tablesOf([...list, grant]);
      each(list, asked, (tables, one) => {
        if (decide(tables, one).permit) expect(decide(more, one).permit).toBe(true);
      });
    }),
    RUNS,
  );
});

test('what is permitted together is permitted apart', () => {
  fc.assert(
    fc.property(rules, requests, (list, asked) => {
      each(list, asked, (tables, one) => {
        if (!decide(tables, one).permit) return;
        for (const field of one.data) expect(decide(tables, { ...one, data: [field] }).permit).toBe(true);
      });
    }),
    RUNS,
  );
});

test('whoever may have a group may have what is in it', () => {
  fc.assert(
    fc.property(rules, requests, (list, asked) => {
      each(list, asked, (tables, one) => {
        const whole = { ...one, data: ['g'] };
        if (!decide(tables, whole).permit) return;
        for (const field of ['b', 'c']) expect(decide(tables, { ...one, data: [field] }).permit).toBe(true);
      });
    }),
    RUNS,
  );
});
