import type pg from 'pg';
import { errorCode } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';

/** Milliseconds between two attempts to listen again. */
const AGAIN = 2_000;

/**
 * Listens to a channel on a connection of its own, and listens again where the connection is lost. What was said meanwhile is
 * missed: callers poll as well.
 * @returns how to end it.
 */
export function listen(pool: pg.Pool, channel: string, heard: () => void, log: Log): () => Promise<void> {
  let ended = false;
  let client: pg.PoolClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    let mine: pg.PoolClient | undefined;
    let lost = false;
    const lose = (error: unknown): void => {
      if (lost || ended) return;
      lost = true;
      log.warn('ledger-listen-lost', { code: errorCode(error) });
      client = undefined;
      mine?.release(true);
      timer = setTimeout(() => (connecting = connect()), AGAIN);
    };
    try {
      mine = await pool.connect();
      mine.on('error', lose);
      mine.on('notification', heard);
      await mine.query(`listen ${channel}`);
      client = mine;
    } catch (error) {
      lose(error);
      if (ended) mine?.release(true);
    }
  };
  let connecting = connect();
  return async () => {
    ended = true;
    clearTimeout(timer);
    await connecting;
    client?.release(true);
  };
}
