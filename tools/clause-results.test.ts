import { expect, it } from 'vitest';
import { clausesOfName, mergeResults, type ClauseResults } from './clause-results.ts';

it('reads the clauses at the start of a name', () => {
  expect(clausesOfName('mic-11: a field is refused')).toEqual(['mic-11']);
  expect(clausesOfName('haier-02a, mic-21.1, haomi-4.2.1B2: a mask')).toEqual([
    'haier-02a',
    'mic-21.1',
    'haomi-4.2.1B2',
  ]);
  expect(clausesOfName('a field is refused, see mic-11: never')).toEqual([]);
});

const results = (complete: boolean, commit: string, ...files: string[]): ClauseResults => ({
  commit,
  dirty: false,
  policies: {},
  at: '',
  complete,
  tests: files.map((file) => ({ clauses: ['mic-11'], file, name: `mic-11: ${commit}`, state: 'passed' })),
});

it('never replaces a whole run by a part of one', () => {
  const whole = results(true, 'one', 'a', 'b');
  expect(mergeResults(whole, results(false, 'two', 'a'), ['a'])).toBeUndefined();
  const merged = mergeResults(whole, results(false, 'one', 'a'), ['a']);
  expect(merged).toMatchObject({ complete: true, tests: [{ file: 'b' }, { file: 'a' }] });
  expect(mergeResults(results(false, 'one', 'a'), results(false, 'two', 'b'), ['b'])?.tests).toHaveLength(1);
  expect(mergeResults(whole, results(true, 'two', 'a'), ['a'])?.commit).toBe('two');
});
