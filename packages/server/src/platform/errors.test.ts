import { describe, expect, it } from 'vitest';
import { TrothError, errorCode, errorLines, isTrothError } from './errors.ts';

describe('errors', () => {
  it('carry code, place and hint', () => {
    const error = new TrothError('bad_port', 'expected a port, got "x"', {
      hint: 'give a number',
      file: 'a.md',
      line: 3,
    });
    expect(errorLines(error)).toEqual(['error: a.md:3: expected a port, got "x"', 'hint: give a number']);
    expect(isTrothError(error, 'bad_port')).toBe(true);
    expect(isTrothError(error, 'other')).toBe(false);
  });

  it('tell only the code of an error that is not ours, never its message', () => {
    const foreign = Object.assign(new Error('Key (email)=(wang@example.com) exists'), { code: '23505' });
    expect(errorCode(foreign)).toBe('23505');
    expect(errorLines(foreign).join('\n')).not.toContain('wang');
    expect(errorCode(new RangeError('x'))).toBe('RangeError');
    expect(errorCode('x')).toBe('string');
  });
});
