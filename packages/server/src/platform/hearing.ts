import pg from 'pg';
import { errorCode } from './errors.ts';
import type { Log } from './log.ts';

const RETRY_MS = 1000;

/**
 * Listens on a channel of the database for as long as it is asked to. While the connection is down it says so, so that whoever
 * relies on hearing can fail closed; it connects again by itself.
 * @param hear what to do with each message
 * @param deaf told true when nothing can be heard, false when it can again
 */
export async function hearing(
  url: string,
  channel: string,
  hear: (message: string) => void,
  deaf: (deaf: boolean) => void,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  let stopped = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'troth-hearing', keepAlive: true });
    next.on('notification', ({ payload }) => hear(payload ?? ''));
    next.on('error', () => {});
    next.on('end', () => lost(next));
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = next;
    deaf(false);
  };
  const lost = (which: pg.Client): void => {
    if (stopped || client !== which) return;
    client = undefined;
    deaf(true);
    log.warn('hearing-lost', { channel });
    again();
  };
  const again = (): void => {
    setTimeout(() => {
      if (stopped) return;
      connect().catch((error: unknown) => {
        log.warn('hearing-failed', { channel, code: errorCode(error) });
        again();
      });
    }, RETRY_MS).unref();
  };
  await connect();
  return {
    async stop() {
      stopped = true;
      await client?.end();
    },
  };
}
