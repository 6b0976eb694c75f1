// The reference holds: its policy is sound, each verb has an example that is, and no key is left out.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { load } from './load.ts';
import { REFUSAL_CODES } from './model/request.ts';
import { VERB_NAMES, VERBS } from './parse/verbs.ts';

const reference = readFileSync(new URL('../../../docs/reference/language.md', import.meta.url), 'utf8');
const policy = /````md\n(.*?)````/s.exec(reference)?.[1] ?? '';

/** The text of each verb, by its heading. */
const sections = new Map(
  reference
    .slice(reference.indexOf('## Verbs'), reference.indexOf('## Diagnostics'))
    .split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text] as const),
);

test('every verb has a section, and there is none for anything else', () => {
  expect([...sections.keys()].toSorted()).toEqual([...VERB_NAMES].toSorted());
});

describe.each(VERB_NAMES)('%s', (verb) => {
  const section = sections.get(verb) ?? '';

  test('its example is sound in the policy of the reference', () => {
    const example = /```yaml\n(.*?)```/s.exec(section)?.[1] ?? '';
    const source = `${policy}\nThe example. {#s-rule}\n\n\`\`\`rule\n${example}\`\`\`\n`;
    const { diagnostics, document } = load(source, { file: 'language.md' });
    expect(diagnostics.filter(({ level }) => level === 'error')).toEqual([]);
    expect(document?.clauses.at(-1)?.rules.map((rule) => rule.verb)).toContain(verb);
  });

  test('names every key that it takes', () => {
    const keys = Object.keys(VERBS[verb]).filter((key) => !new RegExp(`\\b${key}\\b`).test(section));
    expect(keys).toEqual([]);
  });
});

test('every refusal is told', () => {
  expect(REFUSAL_CODES.filter((code) => !reference.includes(`\`${code}\``))).toEqual([]);
});
