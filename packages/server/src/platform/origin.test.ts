import { describe, expect, it } from 'vitest';
import { checkOrigin } from './origin.ts';

const FORM = 'application/x-www-form-urlencoded';
const post = (headers: Record<string, string>, secure = false): boolean =>
  checkOrigin(new Request('http://shop.test:8080/forms/question', { method: 'POST', body: 'a=1', headers }), secure).ok;

describe('a write', () => {
  it.each<[string, Record<string, string>, boolean]>([
    [
      'a form on our own page',
      { 'sec-fetch-site': 'same-origin', origin: 'http://shop.test:8080', 'content-type': FORM },
      true,
    ],
    [
      'our own page under a strict referrer policy',
      { 'sec-fetch-site': 'same-origin', origin: 'null', 'content-type': FORM },
      true,
    ],
    ['our own page without Origin', { 'sec-fetch-site': 'same-origin', 'content-type': FORM }, true],
    ['an older browser that says only Origin', { origin: 'http://shop.test:8080', 'content-type': FORM }, true],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.test', 'content-type': FORM }, false],
    ['another site that an older browser names', { origin: 'http://evil.test', 'content-type': FORM }, false],
    ['another site in a sandbox', { 'sec-fetch-site': 'cross-site', origin: 'null', 'content-type': FORM }, false],
    ['a sandbox in an older browser', { origin: 'null', 'content-type': FORM }, false],
    ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site', origin: 'http://a.shop.test:8080' }, false],
    ['another port of the same host', { origin: 'http://shop.test:9090', 'content-type': FORM }, false],
    ['another scheme', { origin: 'https://shop.test:8080', 'content-type': FORM }, false],
    ['a lie in one of the two', { 'sec-fetch-site': 'same-origin', origin: 'http://evil.test' }, false],
    ['a program with JSON', { 'content-type': 'application/json; charset=utf-8' }, true],
    ['a program with JSON and a cookie', { 'content-type': 'application/json', cookie: 'session=x' }, false],
    ['a form that does not say', { 'content-type': FORM }, false],
    ['plain text that could be JSON', { 'content-type': 'text/plain' }, false],
    ['nonsense', { origin: 'http://', 'content-type': FORM }, false],
  ])('from %s', (_what, headers, passes) => {
    expect(post(headers)).toBe(passes);
  });

  it('is compared by what TLS says, not by the scheme behind a proxy', () => {
    expect(post({ origin: 'https://shop.test:8080' }, true)).toBe(true);
    expect(post({ origin: 'http://shop.test:8080' }, true)).toBe(false);
  });
});

it('a read passes wherever it comes from', () => {
  expect(checkOrigin(new Request('http://shop.test/', { headers: { 'sec-fetch-site': 'cross-site' } }), false).ok).toBe(
    true,
  );
});
