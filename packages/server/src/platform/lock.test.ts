import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock, isLocked, readRunning } from './lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'troth-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('is held once, told about, and free again after release', () => {
  const lock = acquireLock(dir);
  lock.tell({ pid: 7, urls: ['http://127.0.0.1:1'] });
  expect(isLocked(dir)).toBe(true);
  expect(() => acquireLock(dir)).toThrow(/process 7, http:\/\/127\.0\.0\.1:1/);
  lock.release();
  expect(isLocked(dir)).toBe(false);
  expect(readRunning(dir)).toBeUndefined();
  acquireLock(dir).release();
});

it('dies with the process that held it, even by kill -9', async () => {
  const code = `import { acquireLock } from ${JSON.stringify(fileURLToPath(new URL('./lock.ts', import.meta.url)))};
    acquireLock(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(isLocked(dir)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isLocked(dir)).toBe(false);
});
