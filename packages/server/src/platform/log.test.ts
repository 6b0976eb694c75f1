import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('writes JSON lines with codes and ids, and withholds whatever looks like anything else', () => {
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  log.info('refused', { code: 'no_consent', id: '7d1f', ms: 12, who: 'wang@example.com', note: 'my words are mine' });
  log.debug('quiet');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    event: 'refused',
    code: 'no_consent',
    id: '7d1f',
    ms: 12,
  });
  expect(lines[0]).not.toMatch(/wang|words/);
});

it('withholds an event that is no code', () => {
  const lines: string[] = [];
  createLog('debug', (line) => lines.push(line)).error('Key (email)=(li@example.com)');
  expect(lines[0]).toContain('(withheld)');
});
