/** Where the time comes from. Passed in wherever time is read, so that a test can hold it still. */
export interface Clock {
  /** The present moment, in milliseconds precision, as all times of the house have it. */
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved by `ms` milliseconds. For tests, and for runs that must be repeatable. */
export function manualClock(start: Date): Clock & { advance(ms: number): void } {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    advance(ms: number): void {
      at += ms;
    },
  };
}
