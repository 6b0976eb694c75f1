/** What a log line may hold: short codes, ids, numbers. Free text has no place in it, least of all text from a request. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
/** Words of codes, ids, routes and times; neither `@` nor spaces, so that neither an address nor a sentence fits. */
const PLAIN = /^[A-Za-z0-9_.:/*{}+-]{0,120}$/;

/**
 * A log of JSON lines. A string that does not look like a code or an id is written as `(withheld)`: a slip in the code
 * then costs a word in the log, not a person's data.
 * @param write where a line goes; standard error by default.
 */
export function createLog(level: LogLevel = 'info', write: (line: string) => void = toStderr): Log {
  const line = (at: LogLevel, event: string, fields: LogFields = {}): void => {
    if (RANK[at] < RANK[level]) return;
    const safe: Record<string, unknown> = { at: new Date().toISOString(), level: at, event: plain(event) };
    for (const [name, value] of Object.entries(fields)) safe[name] = typeof value === 'string' ? plain(value) : value;
    write(`${JSON.stringify(safe)}\n`);
  };
  return {
    debug: (event, fields) => line('debug', event, fields),
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, fields) => line('error', event, fields),
  };
}

/** The log of this process, on standard error; `LOG_LEVEL` in the environment sets how much. */
export const log: Log = createLog(levelOf(process.env['LOG_LEVEL']));

/** A log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

function levelOf(word: string | undefined): LogLevel {
  return word === 'debug' || word === 'warn' || word === 'error' ? word : 'info';
}

function plain(text: string): string {
  return PLAIN.test(text) ? text : '(withheld)';
}

function toStderr(line: string): void {
  process.stderr.write(line);
}
