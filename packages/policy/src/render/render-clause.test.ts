import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../model/document.ts';
import { parse } from '../parse/parse.ts';
import { SHOP } from '../testing/shop.ts';
import { renderClause, renderNote } from './render-clause.ts';

/** No more than a policy needs, since it is read anew for every piece of prose. */
const SMALL = `---
policy: small
title: Small
version: "1"
date: 2026-01-01
language: en
controller: {name: Shop Ltd, site: shop.example}
---

We ask. {#s-account}
`;

function render(prose: string, language = 'en'): string {
  const { document } = parse(`${SMALL}\n${prose} {#last}\n\n\`\`\`rule\nstate: scope\n\`\`\`\n`, { file: 'shop.md' });
  const clause = document?.clauses.at(-1);
  if (document === undefined || clause?.id !== 'last') throw new Error('no clause');
  return renderClause(clause, document, language);
}

describe('prose', () => {
  test('keeps its emphasis and loses its id', () => {
    expect(render('We **never** *ever* use `eval`.')).toBe(
      'We <strong>never</strong> <em>ever</em> use <code>eval</code>.',
    );
  });

  test('shows HTML as text', () => {
    expect(render('Hello <script>alert("1")</script> & <b>you</b>')).toBe(
      'Hello &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &lt;b&gt;you&lt;/b&gt;',
    );
  });

  test('shows a picture as its description, and loads nothing', () => {
    expect(render('A ![map "x"](https://elsewhere.example/map.png) here')).toBe('A map &quot;x&quot; here');
  });
});

describe('links', () => {
  test('out of the site say so, in the language of the reader, and tell the other site nothing', () => {
    expect(render('See [them](https://elsewhere.example/a?b=1&c=2)')).toBe(
      'See <a class="leaves" href="https://elsewhere.example/a?b=1&amp;c=2" rel="noreferrer noopener external">them<span class="leaves-note"> (leaves this site; that site’s own policy applies)</span></a>',
    );
    expect(render('[them](http://elsewhere.example)', 'zh-CN')).toContain('（离开本站，适用对方网站自身的隐私政策）');
  });

  test('inside the site stay plain', () => {
    expect(render('[above](#s-account)')).toBe('<a href="#s-account">above</a>');
    expect(render('[form](/services/question?x=1)')).toBe('<a href="/services/question?x=1">form</a>');
    expect(render('[home](https://www.shop.example/)')).toBe('<a href="https://www.shop.example/">home</a>');
    expect(render('[mail](mailto:privacy@shop.example)')).toBe('<a href="mailto:privacy@shop.example">mail</a>');
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '<java\tscript:alert(1)>',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'http://%',
  ])('to %s are dropped, their words kept', (url) => {
    expect(render(`[words](${url})`)).toBe('words');
  });

  test.each(['//elsewhere.example', '/\\elsewhere.example', '\\\\elsewhere.example'])(
    'to %s are seen to leave',
    (url) => {
      expect(render(`[words](<${url.replaceAll('\\', '\\\\')}>)`)).toContain('class="leaves"');
    },
  );
});

test('whatever is written, only our own elements come out', () => {
  const ours =
    /^(?:[^<>"]|<\/?(?:em|strong|code|a|span)>|<br>|<a (?:class="leaves" )?href="[^"<>]*"(?: rel="noreferrer noopener external")?>|<span class="leaves-note">)*$/;
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '[a]',
    '(',
    ')',
    'javascript:',
    'https://x.example',
    '#',
    '*',
    '_',
    '`',
    'script',
    ' ',
    'onload=',
    '\\',
    '!',
    '&lt;',
    '&#60;',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      expect(render(`a ${parts.join('')} z`)).toMatch(ours);
    }),
    { numRuns: 150 },
  );
});

test('a remark becomes paragraphs', () => {
  const { document } = parse(SHOP, { file: 'shop.md' });
  const note = document?.sections[0]?.notes[0];
  if (note === undefined) throw new Error('no note');
  expect(renderNote(note, document as PolicyDocument, 'en')).toMatch(
    /^<p>A remark of ours: see <a class="leaves" href="https:\/\/example.org\/standard"/,
  );
});
