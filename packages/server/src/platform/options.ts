import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { parsePeers } from './peers.ts';
import { errorCode, TrothError } from './errors.ts';

/** Everything that `./start` can be told, checked. Paths are absolute. */
export interface Options {
  policy: string;
  data: string;
  /** 0 takes any free port. */
  port: number;
  tlsPort: number;
  /** The address to listen on; undefined = loopback in development, every address in production. */
  host: string | undefined;
  production: boolean;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  /** Addresses or networks of proxies whose `X-Forwarded-Proto` is believed; empty = none. */
  trustProxy: string[];
  databaseUrl: string | undefined;
  keyringDatabaseUrl: string | undefined;
  smtpUrl: string | undefined;
  help: boolean;
}

export const HELP = `Usage: ./start [options]

  --policy FILE        the policy to serve (policies/made-in-china/policy.md)
  --data DIR           where records, keyring, secrets and ledger lie (data, in this checkout)
  --port N             port for HTTP, 0 for any free one (8080)
  --tls-port N         port for HTTPS (8443; with --port N the next one, N + 1)
  --host ADDRESS       address to listen on (loopback; with --production every address)
  --production         personal data over TLS 1.2 or newer only; needs the next two, or --trust-proxy
  --tls-cert FILE      certificate chain, PEM
  --tls-key FILE       its private key, PEM
  --trust-proxy LIST   addresses or networks, with commas, of proxies that end TLS and set X-Forwarded-Proto
  --help               this text

Environment:
  TROTH_DATA            the data directory, where --data does not name one
  TROTH_ORIGIN          the address under which people reach this house, for links in mails
  TROTH_ROOT_KEY        the root key in base64, instead of the file in the data directory
  DATABASE_URL          your own PostgreSQL (15 to 18) for the records, instead of the embedded one
  KEYRING_DATABASE_URL  your own PostgreSQL for the keyring, instead of a file
  SMTP_URL              where mail goes, as smtp://user:password@host:port; without it a development outbox
`;

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads the command line and the environment of `./start`.
 * @param cwd paths that the user gives are relative to it; defaults lie in the checkout
 * @throws TrothError `bad-option` (exit code 2); the message names the option, what was expected and what came
 */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv, cwd: string): Options {
  const given = parse(args);
  const path = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : resolve(cwd, value);
  const port = portOf('--port', given.port) ?? 8080;
  const tlsPort = portOf('--tls-port', given['tls-port']) ?? (given.port === undefined ? 8443 : nextPort(port));
  if (port !== 0 && port === tlsPort) throw bad(`expected two different ports; --port and --tls-port are both ${port}`);
  const options: Options = {
    policy: path(given.policy) ?? resolve(CHECKOUT, 'policies/made-in-china/policy.md'),
    data: path(given.data ?? (environment['TROTH_DATA'] || undefined)) ?? resolve(CHECKOUT, 'data'),
    port,
    tlsPort,
    host: given.host,
    production: given.production ?? false,
    tlsCert: path(given['tls-cert']),
    tlsKey: path(given['tls-key']),
    trustProxy: given['trust-proxy'] === undefined ? [] : peers(given['trust-proxy']),
    databaseUrl: databaseUrl('DATABASE_URL', environment),
    keyringDatabaseUrl: databaseUrl('KEYRING_DATABASE_URL', environment),
    smtpUrl: environment['SMTP_URL'] || undefined,
    help: given.help ?? false,
  };
  if (!options.help) checkTogether(options);
  return options;
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const options = {
      policy: text, data: text, port: text, 'tls-port': text, host: text, production: flag,
      'tls-cert': text, 'tls-key': text, 'trust-proxy': text, help: { ...flag, short: 'h' },
    }; // prettier-ignore
    const { values, positionals } = parseArgs({ args, allowPositionals: true, strict: true, options });
    if (positionals.length > 0) throw bad(`expected options only; came the word "${positionals[0]}"`);
    for (const [name, value] of Object.entries(values))
      if (value === '') throw bad(`expected a value for --${name}; it is empty`);
    return values;
  } catch (error) {
    if (error instanceof TrothError) throw error;
    // Node's messages name the option; they may go on to advise on its syntax, which ours do by --help.
    const message =
      error instanceof Error && errorCode(error).startsWith('ERR_PARSE_ARGS')
        ? error.message.split('. ')[0]!
        : 'a bad option';
    throw bad(
      `expected options as ./start --help lists them; ${message[0]!.toLowerCase()}${message.slice(1).replaceAll('\n', ' ')}`,
    );
  }
}

function checkTogether(options: Options): void {
  const { production, tlsCert, tlsKey, trustProxy, host } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw bad(
      `expected --tls-cert and --tls-key together; came only ${tlsCert === undefined ? '--tls-key' : '--tls-cert'}`,
    );
  }
  if (trustProxy.length > 0 && tlsCert !== undefined)
    throw bad('expected either a certificate or --trust-proxy; came both');
  const secured = tlsCert !== undefined || trustProxy.length > 0;
  if (production && !secured) {
    throw bad(
      'expected --tls-cert and --tls-key, or --trust-proxy, with --production; came none',
      'in production personal data is taken over TLS alone',
    );
  }
  if (!production && secured)
    throw bad('expected --production with a certificate of your own or a proxy; it is missing');
  if (!production && host !== undefined && !LOOPBACK.has(host)) {
    throw bad(
      `expected a loopback address for --host without --production; came ${host}`,
      'in development only this machine is served',
    );
  }
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw bad(`expected a port from 0 to 65535 for ${option}; came "${text}"`);
}

function nextPort(port: number): number {
  if (port === 0) return 0;
  return port === 65_535 ? 65_534 : port + 1;
}

function peers(text: string): string[] {
  const list = text.split(',').map((one) => one.trim());
  try {
    parsePeers(list);
  } catch {
    throw bad(`expected addresses or networks for --trust-proxy, such as 10.0.0.5,192.168.1.0/24; came "${text}"`);
  }
  return list;
}

function databaseUrl(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const url = environment[name];
  if (url === undefined || url === '') return undefined;
  // The value itself is not shown: it may hold a password.
  if (!/^postgres(ql)?:\/\//.test(url)) throw bad(`expected ${name} to begin with postgresql://; it does not`);
  return url;
}

function bad(message: string, hint = './start --help lists the options'): TrothError {
  return new TrothError('bad-option', message, { hint });
}
