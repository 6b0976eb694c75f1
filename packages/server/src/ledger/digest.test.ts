import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consentDigest, policyVersionDigest, recordDigest, subjectCommitment } from './digest.ts';

const PERSON = '7f1c2b34-5d6e-4f70-8a91-b2c3d4e5f607';
const OTHER = '00000000-0000-4000-8000-000000000001';

const record = {
  person_id: PERSON,
  record_id: OTHER,
  service: 'registration',
  field: 'email_address',
  case_id: null as string | null,
  version: 1,
  clause: 'mic-05',
  purposes: ['registration_login', 'site_operation'],
  policy: Buffer.alloc(32, 1),
  collected_at: new Date(1_700_000_000_123),
  envelope: Buffer.from('sealed'),
};
const consent = {
  person_id: PERSON,
  consent_id: OTHER,
  kind: 'consent' as const,
  about: 'marketing',
  recipients: ['business_partners'],
  clause: 'mic-26',
  policy: Buffer.alloc(32, 1),
  policy_version: '1',
  words: 'May we?',
  language: 'en',
  answer: 'given' as const,
  at: new Date(1_700_000_000_123),
  by: 'person' as const,
  salt: Buffer.alloc(16, 9),
};
const version = {
  policy_id: 'made-in-china',
  version: '1',
  hash: Buffer.alloc(32, 1),
  source: '# Text',
  published_at: new Date(5),
};

/** Each column changed alone must change the digest. */
function everyColumnCounts<Row extends object>(row: Row, digest: (row: Row) => Buffer): void {
  const seen = new Set([digest(row).toString('hex')]);
  for (const [column, value] of Object.entries(row)) {
    const other =
      value === null || value === PERSON || value === OTHER
        ? '11111111-2222-4333-8444-555555555555'
        : value instanceof Date
          ? new Date(value.getTime() + 1)
          : Buffer.isBuffer(value)
            ? Buffer.concat([value, Buffer.of(0)])
            : Array.isArray(value)
              ? [...value, 'more']
              : typeof value === 'number'
                ? value + 1
                : `${String(value)} `;
    seen.add(digest({ ...row, [column]: other }).toString('hex'));
  }
  expect(seen.size).toBe(Object.keys(row).length + 1);
}

describe('row digests', () => {
  it('count every column', () => {
    everyColumnCounts(record, recordDigest);
    everyColumnCounts(consent, consentDigest);
    everyColumnCounts(version, policyVersionDigest);
  });

  it('leave no room to move text from one column to the next', () => {
    expect(recordDigest({ ...record, service: 'a', field: 'bc' })).not.toEqual(
      recordDigest({ ...record, service: 'ab', field: 'c' }),
    );
    expect(recordDigest({ ...record, purposes: ['a b'] })).not.toEqual(
      recordDigest({ ...record, purposes: ['a', 'b'] }),
    );
  });

  it('are these (formats do not drift)', () => {
    expect(recordDigest(record).toString('hex')).toMatchInlineSnapshot(
      `"176d20608c09a3da3bc238d7f1a1d6e3a4d7c126db8cf93a02a8442378485691"`,
    );
    expect(consentDigest(consent).toString('hex')).toMatchInlineSnapshot(
      `"b2919dfef841033bf1d2ad939e1b34e80dfacf066f4b6615d630cfe2f77b6376"`,
    );
    expect(policyVersionDigest(version).toString('hex')).toMatchInlineSnapshot(
      `"5c31b5c261e02e192485d46801fbfb6c1de4b8299c4d9d98783141c4b31c0dc7"`,
    );
  });

  it('do not depend on how a uuid is written, and refuse what is none', () => {
    expect(recordDigest({ ...record, person_id: PERSON.toUpperCase() })).toEqual(recordDigest(record));
    expect(() => recordDigest({ ...record, person_id: 'mei' })).toThrow(
      expect.objectContaining({ code: 'ledger-bad-id' }),
    );
  });
});

describe('a subject commitment', () => {
  it('needs the very salt', () => {
    const salt = randomBytes(16);
    expect(subjectCommitment(PERSON, salt)).toEqual(subjectCommitment(PERSON, salt));
    expect(subjectCommitment(PERSON, salt)).not.toEqual(subjectCommitment(PERSON, randomBytes(16)));
    expect(subjectCommitment(PERSON, salt)).not.toEqual(subjectCommitment(OTHER, salt));
  });
});
