import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as door from './index.ts';
import { issue, Permit, PERMIT_LIFE_MS, spend } from './permit.ts';

const NOW = Date.UTC(2026, 10, 22);

function permit(): Permit {
  return issue({
    request: { action: 'use', actor: { kind: 'staff' }, data: ['email_address'] },
    duties: [],
    clauses: ['g-03'],
    person: 'someone',
    epoch: 0,
    policy: Buffer.alloc(32),
    basis: 'contract',
    until: NOW + PERMIT_LIFE_MS,
  });
}

const invalid = expect.objectContaining({ code: 'permit-invalid' }) as unknown;

/** The error of a try to spend. */
function failure(spent: Permit, action: 'use' | 'view' = 'use', now = NOW): unknown {
  try {
    spend(spent, action, now);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a permit', () => {
  it('is good once', () => {
    const one = permit();
    expect(spend(one, 'use', NOW).person).toBe('someone');
    expect(failure(one)).toEqual(invalid);
  });

  it.each<[string, (real: Permit) => unknown]>([
    ['made by its own class', (real) => new Permit(real.clauses)],
    ['made by the constructor of a real one', (real) => new (real.constructor as typeof Permit)(['g-03'])],
    ['with a real one as its prototype', (real) => Object.create(real)],
    ['of its class without the constructor', () => Object.create(Permit.prototype)],
    ['with all that a real one shows', (real) => Object.assign(Object.create(Permit.prototype) as object, real)],
    ['cloned', (real) => structuredClone(real)],
    ['written to JSON and read again', (real) => JSON.parse(JSON.stringify(real))],
    ['behind a proxy', (real) => new Proxy(real, {})],
    ['written by hand', () => ({ clauses: ['g-03'] })],
    ['nothing at all', () => undefined],
    ['a word', () => 'permit'],
  ])('cannot be forged: one %s', (_how, forge) => {
    const real = permit();
    expect(failure(forge(real) as Permit)).toEqual(invalid);
    // The real one is no worse for it.
    expect(spend(real, 'use', NOW).clauses).toEqual(['g-03']);
  });

  it('cannot be changed, and shows its clauses only', () => {
    const real = permit();
    expect(Object.isFrozen(real) && Object.isFrozen(real.clauses)).toBe(true);
    expect(Reflect.ownKeys(real)).toEqual(['clauses']);
    const grant = spend(real, 'use', NOW);
    expect(Object.isFrozen(grant)).toBe(true);
  });

  it('is good for its own action only, and is gone after the try', () => {
    const real = permit();
    expect(failure(real, 'view')).toEqual(invalid);
    expect(failure(real, 'use')).toEqual(invalid);
  });

  it('is stale after thirty seconds', () => {
    expect(PERMIT_LIFE_MS).toBe(30_000);
    expect(failure(permit(), 'use', NOW + 30_000)).toBeUndefined();
    expect(failure(permit(), 'use', NOW + 30_001)).toEqual(invalid);
  });
});

describe('the means to make one', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.(test|suite)\.ts$|(^|\/)testing\//.test(name),
  );

  it('are in reach of the gate alone', () => {
    const importers = files.filter((name) =>
      /['"][^'"]*\bpermit\.ts['"]/.test(readFileSync(join(source, name), 'utf8')),
    );
    expect(importers.filter((name) => !name.startsWith('gate/'))).toEqual([]);
    expect(importers.length).toBeGreaterThan(3);
  });

  it('are not at the door of the gate', () => {
    expect(Object.keys(door)).not.toEqual(expect.arrayContaining(['issue']));
    expect(Object.keys(door)).not.toEqual(expect.arrayContaining(['spend']));
    expect(Object.keys(door)).not.toEqual(expect.arrayContaining(['Permit']));
  });

  it('are used by the decision alone, and spent by effects alone', () => {
    const using = (word: RegExp): string[] =>
      files
        .filter((name) => name !== 'gate/permit.ts' && word.test(readFileSync(join(source, name), 'utf8')))
        .toSorted();
    expect(using(/\bissue\(/)).toEqual(['gate/decide.ts']);
    expect(using(/\bspend\(/)).toEqual(['gate/change.ts', 'gate/collect.ts', 'gate/use.ts']);
  });
});
