import type { OpenHouse } from './house.ts';
import { errorCode } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import type { Mailer } from './platform/mail.ts';
import { sendDueMails } from './post/index.ts';

const MAIL_MS = 300;
const SUM_MS = 5_000;

/** The house's chores while it serves: letters that are due, refusals to be summed up, sessions that have ended. */
export function keepHouse(house: OpenHouse, mailer: Mailer, log: Log): { stop(): Promise<void> } {
  const chores = [
    every(MAIL_MS, () => sendDueMails(house, mailer, log), log),
    every(SUM_MS, () => house.gate.sumRefusals(), log),
    every(60_000, () => house.db.deleteFrom('sessions').where('expires_at', '<', house.clock.now()).execute(), log),
  ];
  return {
    async stop() {
      await Promise.all(chores.map((chore) => chore.stop()));
      await house.gate.sumRefusals().catch(() => {});
    },
  };
}

/** Does a chore again and again, never twice at once; a failure is logged by its code and the chore goes on. */
function every(ms: number, chore: () => Promise<unknown>, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const turn = (): void => {
    running = chore()
      .catch((error: unknown) => log.warn('chore-failed', { code: errorCode(error) }))
      .then(() => {
        if (!stopped) timer = setTimeout(turn, ms);
      });
  };
  timer = setTimeout(turn, ms);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
