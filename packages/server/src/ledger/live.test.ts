import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowChange } from './entry.ts';
import { LiveSet } from './live.ts';

const digestOf = (n: number): Buffer => createHash('sha256').update(String(n)).digest();

describe('the live set', () => {
  it('is the sum of puts and drops, in any order and at any size', () => {
    const op = fc.record({ op: fc.constantFrom('put', 'replace', 'drop'), before: fc.nat(30), after: fc.nat(30) });
    const sorted = (counts: Iterable<[string, number]>): string =>
      JSON.stringify([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    fc.assert(
      fc.property(fc.array(op, { maxLength: 100 }), fc.nat(6_000), (ops, more) => {
        const changes = [
          ...ops.map(({ op: name, before, after }): RowChange => ({
            table: 'records',
            op: name,
            ...(name !== 'put' && { before: digestOf(before) }),
            ...(name !== 'drop' && { after: digestOf(after) }),
          })),
          // Enough others that the table has to grow.
          ...Array.from({ length: more }, (_, i): RowChange => ({
            table: 'consents',
            op: 'put',
            after: digestOf(1_000 + i),
          })),
        ];
        const counts = new Map<string, number>();
        const add = (digest: Uint8Array | undefined, by: number): void => {
          const key = digest === undefined ? undefined : Buffer.from(digest).toString('hex');
          if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + by);
        };
        for (const { before, after } of changes) {
          add(before, -1);
          add(after, 1);
        }
        for (const order of [changes, changes.toReversed()]) {
          const live = new LiveSet();
          live.apply(order, 1, false);
          const found = [...live.all()].map(({ digest, count }): [string, number] => [digest.toString('hex'), count]);
          if (sorted(found) !== sorted(counts)) return false;
        }
        return true;
      }),
      { numRuns: 8 },
    );
  });

  it('tells who put a row, once seen, and nothing of what it never heard of', () => {
    const live = new LiveSet();
    live.apply([{ table: 'consents', op: 'put', after: digestOf(1) }], 7, true);
    expect(live.see(digestOf(2))).toBeUndefined();
    expect(live.see(digestOf(1))).toEqual({ count: 1, by: 7, free: true, seen: false });
    expect(live.see(digestOf(1))).toMatchObject({ seen: true });
    expect([...live.all()]).toEqual([{ digest: digestOf(1), table: 'consents', count: 1, by: 7, seen: true }]);
  });
});
