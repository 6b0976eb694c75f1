import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openKeyring } from '../open.ts';

/** Bears people for ever, says each after its birth, and erases every third. */
const PROGRAM = `
  import { openKeyring } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../open.ts')).href)};
  import { randomUUID } from 'node:crypto';
  import { writeSync } from 'node:fs';
  const keyring = await openKeyring({ dir: process.argv[1] });
  const one = async (erase) => {
    const person = randomUUID();
    await keyring.birth(person, 'member');
    writeSync(1, 'born ' + person + '\\n');
    if (!erase) return;
    await keyring.erase(person, new Date());
    writeSync(1, 'erased ' + person + '\\n');
  };
  for (;;) await Promise.all([one(false), one(false), one(true)]);
`;

test('after a kill -9 every birth and every erasure that was acknowledged holds', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'troth-crash-'));
  try {
    for (const after of [60, 91, 122]) {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        if (said.push(line) === after) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const keyring = await openKeyring({ dir });
      const erased = new Set(said.filter((line) => line.startsWith('erased')).map((line) => line.split(' ')[1]!));
      for (const line of said) {
        const person = line.split(' ')[1]!;
        if (erased.has(person))
          expect([await keyring.key(person), await keyring.isErased(person)]).toEqual([undefined, true]);
        // Killed between an erasure's commit and its word: then the tombstone says so.
        else expect((await keyring.key(person)) !== undefined || (await keyring.isErased(person))).toBe(true);
      }
      expect(said.length).toBeGreaterThanOrEqual(after);
      await keyring.check();
      await keyring.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
