import { expect, it } from 'vitest';
import { problem, problemResponse } from './problem.ts';

it('has the members of RFC 9457 and ours', async () => {
  const answer = problemResponse(403, 'no_consent', { detail: 'd', more: { clauses: ['mic-26'] } });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toEqual({
    type: 'urn:troth:problem:no_consent',
    title: 'Refused',
    status: 403,
    code: 'no_consent',
    detail: 'd',
    clauses: ['mic-26'],
  });
});

it('always has a title', () => {
  expect(problem(418, 'x').title).not.toBe('');
});
