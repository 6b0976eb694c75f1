import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, isId, newId, newIdUnder, newReference, readReference } from './ids.ts';

describe('references', () => {
  it('have 80 bits in four groups and do not repeat', () => {
    const made = Array.from({ length: 500 }, newReference);
    for (const one of made) expect(one).toMatch(/^TR(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
    expect(new Set(made).size).toBe(500);
  });

  it('are read in whatever way they were written down', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (lower, spaced) => {
        const reference = newReference();
        let typed = lower ? reference.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l') : reference;
        if (spaced) typed = ` ${typed.replaceAll('-', ' ')} `;
        return readReference(typed) === reference;
      }),
    );
  });

  it('are refused when they can be none', () => {
    for (const text of ['', 'TR', 'XX-4F7K-9Q2M-0D5X-H8PA', 'TR-4F7K-9Q2M', 'TR-4F7K-9Q2M-0D5X-H8PU']) {
      expect(readReference(text)).toBeUndefined();
    }
  });
});

describe('ids', () => {
  it('are UUIDs', () => {
    expect(isId(newId())).toBe(true);
    expect(isId("1' or '1'='1")).toBe(false);
  });

  it('made under a reference tell its beginning and no more of it', () => {
    for (const reference of [
      'TR-0000-ZZZZ-ZZZZ-ZZZZ',
      'TR-ZZZZ-0000-0000-0000',
      ...Array.from({ length: 200 }, newReference),
    ]) {
      const id = newIdUnder(reference);
      expect(isId(id)).toBe(true);
      expect(beginningOf(id)).toBe(reference.slice(0, 7));
      expect(newIdUnder(reference).slice(5)).not.toBe(id.slice(5));
    }
  });
});
