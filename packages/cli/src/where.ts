import type { Where } from '@troth/server';
import { createLog } from '../../server/src/platform/log.ts';
import { readOptions } from '../../server/src/platform/options.ts';
import type { Given } from './command.ts';
import { say } from './output.ts';

/**
 * Where the house is that a command works on: `--data`, and the same environment as `./start` has. On a terminal it says what it waits for.
 * @throws TrothError `bad-option`
 */
export function whereOf(given: Given): Where {
  const data = given['data'];
  const {
    data: dir,
    databaseUrl,
    keyringDatabaseUrl,
  } = readOptions(typeof data === 'string' ? ['--data', data] : [], process.env, process.cwd());
  const rootKey = process.env['TROTH_ROOT_KEY'];
  const where = { data: dir, databaseUrl, keyringDatabaseUrl, rootKey, log: createLog('warn') };
  return process.stderr.isTTY ? { ...where, progress: say } : where;
}
