import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ROOT, startServer, type ServerOptions } from '../../harness/server.ts';

export type PolicyId = 'haier' | 'made-in-china';

/** The shipped text of a policy. */
export function policyText(id: PolicyId): string {
  return readFileSync(join(ROOT, 'policies', id, 'policy.md'), 'utf8');
}

/** A copy of a shipped policy with something changed, as a file; removed after the tests of the file that asked for it. */
export function changedPolicy(id: PolicyId, ...changes: [from: string, to: string][]): string {
  let text = policyText(id);
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`expected the policy ${id} to have ${JSON.stringify(from)}; it has not`);
    text = text.replace(from, () => to);
  }
  const folder = mkdtempSync(join(tmpdir(), 'troth-policy-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'policy.md');
  writeFileSync(file, text);
  return file;
}

/** What a house says that will not start with these options. @throws where it starts all the same */
export async function failedStart(options: ServerOptions): Promise<string> {
  let started;
  try {
    started = await startServer(options);
  } catch (error) {
    return (error as Error).message;
  }
  await started.stop();
  throw new Error('expected the house not to start; it did');
}
