import { spawnSync } from 'node:child_process';

/** What of a checkout decides whether a clause is kept. */
const MATTERS = ['packages', 'policies', 'tests'];

/** How a checkout stands to the commit that was tested. */
export type Standing = 'same' | 'same-in-what-matters' | 'changed' | 'unknown';

/** Compares the commit that was tested with what is checked out. `unknown`: git does not say, or does not know that commit. */
export function standingOf(root: string, commit: string): Standing {
  const head = git(root, 'rev-parse', '--verify', 'HEAD');
  if (head.status !== 0 || !/^[0-9a-f]{7,64}$/.test(commit)) return 'unknown';
  if (head.text === commit) return 'same';
  switch (git(root, 'diff-tree', '--quiet', '-r', commit, 'HEAD', '--', ...MATTERS).status) {
    case 0:
      return 'same-in-what-matters';
    case 1:
      return 'changed';
    default:
      return 'unknown';
  }
}

/** Does anything that matters differ from the commit that is checked out? */
export function hasEdits(root: string): boolean {
  const { status, text } = git(root, 'status', '--porcelain', '--', ...MATTERS);
  return status === 0 && text !== '';
}

function git(root: string, ...args: string[]): { status: number | null; text: string } {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { status, text: (stdout ?? '').trim() };
}
