import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHOP } from '../testing/shop.ts';
import { parse } from './parse.ts';

const shop = (source = SHOP) => {
  const { document } = parse(source, { file: 'shop.md' });
  if (document === undefined) throw new Error('no document');
  return document;
};

describe('the document', () => {
  test('has what the front matter says', () => {
    expect(shop()).toMatchObject({
      id: 'shop',
      file: 'shop.md',
      version: '1',
      date: '2026-01-31',
      effective: '2026-02-01',
      title: { en: "The shop's privacy policy", zh: '商店隐私政策' },
      controller: { name: 'Shop Ltd', email: 'privacy@shop.example' },
      defaultRefusal: 's-private',
      notPromised: [{ en: 'A reply time' }, { en: 'Deletion', zh: '删除' }],
      settings: { cell_size: { value: 5, unit: 'people', why: { en: 'The text names no figure.' } } },
    });
  });

  test('has sections with clauses and remarks in their order', () => {
    const { sections } = shop();
    expect(sections.map(({ id, title, depth }) => [id, title, depth])).toEqual([
      ['privacy', 'Privacy', 1],
      ['accounts', 'Accounts', 2],
      ['sharing', 'Sharing', 2],
      ['safety', 'Safety', 2],
      ['questions-and-visits', 'Questions and visits', 2],
    ]);
    expect(sections[0]?.blocks.map(({ kind }) => kind)).toEqual(['clause', 'note']);
    expect(sections[0]?.notes[0]?.text).toBe('A remark of ours: see the standard.');
    expect(sections[1]?.clauses.map(({ id, form, depth }) => [id, form, depth])).toEqual([
      ['s-account', 'item', 1],
      ['s-more', 'item', 1],
      ['s-offers', 'paragraph', 0],
      ['s-password', 'paragraph', 0],
      ['s-rights', 'paragraph', 0],
    ]);
  });

  test('knows where clauses and rules stand', () => {
    const lines = SHOP.split('\n');
    for (const clause of shop().clauses) {
      expect(lines.slice(clause.line - 1, clause.line + 2).join(' ')).toContain(`{#${clause.id}}`);
      for (const rule of clause.rules) {
        expect(lines[rule.line - 1]?.slice(rule.column - 1).startsWith(rule.verb)).toBe(true);
        for (const mention of rule.mentions) {
          expect(lines[mention.line - 1]?.slice(mention.column - 1)).toMatch(new RegExp(`^${mention.id}\\b`));
        }
      }
    }
  });

  test('keeps a statement as one, and the text of a clause plain', () => {
    expect(shop().clauses[0]).toMatchObject({
      id: 's-scope',
      statement: 'scope',
      text: 'This policy is for visitors of the shop. See accounts and sharing.',
    });
  });

  test('is the same with a byte order mark and with other line ends', () => {
    const bare = (source: string) =>
      shop(source).clauses.map(({ id, text, rules }) => [id, text, rules.map(({ verb, body }) => [verb, body])]);
    expect(bare(`\ufeff${SHOP}`)).toEqual(bare(SHOP));
    expect(bare(SHOP.replaceAll('\n', '\r\n'))).toEqual(bare(SHOP));
  });

  test('lets several blocks, lists in lists and a rule after its list item keep a clause', () => {
    const more = [
      '1. First. {#n-1}',
      '',
      '   ```rule',
      '   state: scope',
      '   ```',
      '',
      '   - Inner. {#n-2}',
      '',
      '     ```rule',
      '     state: scope',
      '     ```',
      '',
      '     ```rule',
      '     browse: {pages: public, needs: nothing}',
      '     ```',
    ].join('\n');
    expect(shop(`${SHOP}\n${more}`).clauses.slice(-2)).toMatchObject([
      { id: 'n-1', depth: 1, ordered: true, rules: [{ verb: 'state' }] },
      {
        id: 'n-2',
        depth: 2,
        ordered: false,
        rules: [{ verb: 'state' }, { verb: 'browse', line: SHOP.split('\n').length + 14, column: 6 }],
      },
    ]);
  });

  test('gives sections of one name different ids', () => {
    const { sections } = shop(`${SHOP}\n## Safety\n\n## Safety\n`);
    expect(sections.slice(-3).map(({ id }) => id)).toEqual(['questions-and-visits', 'safety-2', 'safety-3']);
  });

  test('ignores comments', () => {
    expect(parse(`${SHOP}\n<!-- to do -->\n`, { file: 'shop.md' }).diagnostics).toEqual([]);
  });
});

describe('whatever comes in', () => {
  test('all problems are found in one run, in the order of the text', () => {
    const source = SHOP.replace('date: 2026-01-31', 'date: yesterday')
      .replace('purposes:', 'purpose:')
      .replace('{#s-offers}', '')
      .replace('- contact:', '- contract:');
    const { diagnostics } = parse(source, { file: 'shop.md' });
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'unknown_value',
      'unknown_key',
      'prose_without_id',
      'unknown_verb',
    ]);
  });

  test('it never throws, and points into the text', () => {
    const words = SHOP.split(/(?<=[\s{}[\],:])/);
    const mangled = fc
      .tuple(fc.nat(words.length), fc.nat(20), fc.string({ maxLength: 30, unit: 'binary' }))
      .map(([at, cut, put]) => [...words.slice(0, at), put, ...words.slice(at + cut)].join(''));
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string({ unit: 'binary' })), (source) => {
        const { diagnostics } = parse(source, { file: 'p.md' });
        const lines = source.split(/\r\n|\r|\n/).length;
        for (const { line, column, message, mend } of diagnostics) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toMatch(/[\n\r\u0000]|undefined/);
          expect(mend).not.toBe('');
        }
      }),
      { numRuns: 60 },
    );
  });
});
