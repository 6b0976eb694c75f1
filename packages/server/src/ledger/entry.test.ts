import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOUND_TABLES, ENTRY_KINDS, decodeEntry, encodeEntry, type EntryFields, type RowChange } from './entry.ts';

const plain: EntryFields = {
  kind: 'collect',
  at: new Date('2026-11-22T10:00:00.123Z'),
  policy: Buffer.alloc(32, 1),
  outcome: 'permit',
  action: 'collect',
  actor: 'person',
  purpose: 'registration_login',
  service: 'registration',
  recipient: '',
  data: ['email_address'],
  clauses: ['mic-05'],
  code: '',
  count: 1,
  subject: Buffer.alloc(32, 2),
  rows: [{ table: 'records', op: 'put', after: Buffer.alloc(32, 3) }],
  commitments: [],
};

const word = fc.stringMatching(/^[a-z][a-z_.:-]{0,30}$/);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => Buffer.from(value));
const rows: fc.Arbitrary<RowChange> = fc
  .record({
    table: fc.constantFrom(...BOUND_TABLES),
    op: fc.constantFrom('put', 'replace', 'drop'),
    before: bytes32,
    after: bytes32,
  })
  .map(({ table, op, before, after }) => ({
    table,
    op,
    ...(op !== 'put' && { before }),
    ...(op !== 'drop' && { after }),
  }));
const entries: fc.Arbitrary<EntryFields> = fc.record({
  kind: fc.constantFrom(...ENTRY_KINDS),
  at: fc.date({ noInvalidDate: true }),
  policy: bytes32,
  outcome: fc.constantFrom('permit', 'refusal'),
  action: word,
  actor: word,
  purpose: word,
  service: fc.option(word, { nil: '' }),
  recipient: fc.option(word, { nil: '' }),
  data: fc.array(word, { maxLength: 5 }),
  clauses: fc.array(word, { maxLength: 5 }),
  code: fc.option(word, { nil: '' }),
  count: fc.integer({ min: 1, max: 0xffff_ffff }),
  subject: bytes32,
  rows: fc.array(rows, { maxLength: 5 }),
  commitments: fc.array(fc.record({ name: word, digest: bytes32 }), { maxLength: 3 }),
});

describe('an entry', () => {
  it('comes back as it went, and has one encoding', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const bytes = encodeEntry(entry);
        expect(decodeEntry(bytes)).toEqual(entry);
        expect(encodeEntry(decodeEntry(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has this very layout (formats do not drift)', () => {
    expect(encodeEntry(plain).toString('hex')).toBe(
      `010101000001a202b2c57b${'01'.repeat(32)}${'02'.repeat(32)}00000001` +
        `07${hexOf('collect')}06${hexOf('person')}12${hexOf('registration_login')}0c${hexOf('registration')}0000` +
        `00010d${hexOf('email_address')}000106${hexOf('mic-05')}00010101${'03'.repeat(32)}00`,
    );
  });

  it.each([
    'Mei Wang',
    'mei@example.com',
    'mei@163.com',
    '+86',
    '13800138000',
    'tel-13800138000',
    'ÄÖ',
    'Upper',
    'a'.repeat(65),
    ' ',
    'a b',
    'a\n',
    '550e8400-e29b-41d4-a716-446655440000',
    'person:550e8400-e29b-41d4-a716-446655440000',
    '<b>',
  ])('lets no free text in: %j', (text) => {
    const fields = ['action', 'actor', 'purpose', 'service', 'recipient', 'code'] as const;
    const altered: EntryFields[] = [
      ...fields.map((field) => ({ ...plain, [field]: text })),
      { ...plain, data: [text] },
      { ...plain, clauses: [text] },
      { ...plain, commitments: [{ name: text, digest: Buffer.alloc(32) }] },
    ];
    for (const entry of altered) {
      let message = '';
      expect(() => {
        try {
          encodeEntry(entry);
        } catch (error) {
          message = (error as Error).message;
          throw error;
        }
      }).toThrow(expect.objectContaining({ code: 'ledger-bad-word' }));
      if (text.trim().length > 1) expect(message).not.toContain(text);
    }
  });

  it('takes the words of a policy, versions too', () => {
    for (const text of ['a', 'made-in-china@2', 'haier@2021.04', 'function:email_verification', 'mic-02a']) {
      expect(decodeEntry(encodeEntry({ ...plain, purpose: text })).purpose).toBe(text);
    }
  });

  it('refuses digests of another length, rows that do not fit their op, and too much', () => {
    const bad: Partial<EntryFields>[] = [
      { policy: Buffer.alloc(31) },
      { subject: Buffer.alloc(33) },
      { count: 0 },
      { count: 1.5 },
      { at: new Date(NaN) },
      { kind: 'other' as 'collect' },
      { rows: [{ table: 'records', op: 'put' }] },
      { rows: [{ table: 'records', op: 'drop', after: Buffer.alloc(32) }] },
      { rows: [{ table: 'records', op: 'replace', after: Buffer.alloc(32) }] },
      { rows: [{ table: 'cases' as 'records', op: 'put', after: Buffer.alloc(32) }] },
      {
        rows: Array.from({ length: 1001 }, () => ({
          table: 'records' as const,
          op: 'drop' as const,
          before: Buffer.alloc(32),
        })),
      },
      { data: Array.from({ length: 2000 }, () => 'a'.repeat(64)) },
    ];
    for (const change of bad)
      expect(() => encodeEntry({ ...plain, ...change })).toThrow(expect.objectContaining({ code: 'ledger-bad-entry' }));
    expect(
      encodeEntry({
        ...plain,
        rows: Array.from({ length: 1000 }, () => ({ table: 'records', op: 'drop', before: randomBytes(32) })),
      }).length,
    ).toBeLessThan(65_535);
  });

  it('is read whole or not at all', () => {
    const bytes = encodeEntry(plain);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(() => decodeEntry(bytes.subarray(0, end))).toThrow(
        expect.objectContaining({ code: 'ledger-entry-unreadable' }),
      );
    }
    expect(() => decodeEntry(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(
      expect.objectContaining({ code: 'ledger-entry-unreadable' }),
    );
    expect(() => decodeEntry(Buffer.concat([Buffer.of(2), bytes.subarray(1)]))).toThrow(
      expect.objectContaining({ code: 'ledger-entry-unreadable' }),
    );
  });
});

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}
