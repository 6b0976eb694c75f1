import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { channelOf, isLoopbackHost, refuseInsecure, type Channel } from './channel.ts';
import { errorCode, TrothError } from './errors.ts';
import { IDLE_LIMIT, limitBody, SERVER_LIMITS } from './limits.ts';
import type { Log } from './log.ts';
import { parsePeers } from './peers.ts';
import { problemResponse } from './problem.ts';
import { TLS_MINIMUM, type Certificate } from './tls.ts';

/** What the app finds in its environment (`c.env` in hono) beside the request. */
export interface Bindings extends HttpBindings, Channel {
  production: boolean;
}

/** The app: `app.fetch` of hono has this shape. */
export type Handler = (request: Request, env: Bindings) => Response | Promise<Response>;

export interface ListenOptions {
  port: number;
  tlsPort: number;
  host?: string | undefined;
  production: boolean;
  /** The certificate for HTTPS; none where a trusted proxy ends TLS. */
  certificate?: Certificate | undefined;
  trustProxy?: readonly string[];
  /** The oldest version of TLS that is spoken; TLSv1.2 where nothing says otherwise. */
  tlsMinimum?: 'TLSv1.2' | 'TLSv1.3';
  /** For how many days a browser is told, in production, to come over HTTPS alone (RFC 6797). */
  hstsDays?: number;
  log: Log;
}

/** The open doors. */
export interface Listening {
  port: number;
  tlsPort: number | undefined;
  /** Addresses to show, the best one first. */
  urls: string[];
  /** Takes no more requests, lets running ones end for up to `grace` milliseconds (5000), then cuts. */
  close(grace?: number): Promise<void>;
}

const HSTS_DAYS = 365;
const DAY_SECONDS = 86_400;

/**
 * Opens the listeners. Development: HTTP and HTTPS, on loopback, under loopback names only. Production: HTTPS, and HTTP that
 * leads there; or HTTP behind proxies that are named, whose word on HTTPS is believed.
 * @throws TrothError `port-in-use`, `port-denied`, `cannot-listen`
 */
export async function listen(handler: Handler, options: ListenOptions): Promise<Listening> {
  const { production, certificate, log } = options;
  const trusted = parsePeers(options.trustProxy ?? []);
  const host = options.host ?? (production ? undefined : '127.0.0.1');
  let tlsPort = options.tlsPort;
  const serve = appListener(handler, production ? (options.hstsDays ?? HSTS_DAYS) : undefined, trusted, log);
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (production && !channelOf(incoming, trusted).secure)
      return refuseInsecure(incoming, outgoing, certificate === undefined ? 443 : tlsPort);
    void serve(incoming, outgoing);
  };
  const servers: Server[] = [];
  try {
    if (certificate !== undefined) {
      const secure = createHttpsServer({
        ...SERVER_LIMITS,
        ...certificate,
        minVersion: options.tlsMinimum ?? TLS_MINIMUM,
      });
      servers.push(await open(secure, tlsPort, host, onRequest, log));
      tlsPort = portOf(secure);
    }
    servers.push(await open(createHttpServer(SERVER_LIMITS), options.port, host, onRequest, log));
  } catch (error) {
    await close(servers, 0);
    throw error;
  }
  const port = portOf(servers.at(-1)!);
  const name = host === undefined ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const http = `http://${name}:${port}`;
  const https = certificate === undefined ? [] : [`https://${name}:${tlsPort}`];
  const urls = production ? [...https, ...(https.length > 0 ? [] : [http])] : [http, ...https];
  return {
    port,
    tlsPort: certificate === undefined ? undefined : tlsPort,
    urls,
    close: (grace = 5_000) => close(servers, grace),
  };
}

function appListener(
  handler: Handler,
  hstsDays: number | undefined,
  trusted: (address: string | undefined) => boolean,
  log: Log,
) {
  return getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as HttpBindings;
      const channel = channelOf(incoming, trusted);
      const production = hstsDays !== undefined;
      if (production) outgoing.setHeader('strict-transport-security', `max-age=${hstsDays * DAY_SECONDS}`);
      else if (!isLoopbackHost(incoming.headers.host)) {
        return problemResponse(421, 'foreign-host', {
          detail: 'expected localhost, 127.0.0.1 or [::1] as host, as in development',
        });
      }
      const limited = await limitBody(request);
      return limited instanceof Response ? limited : handler(limited, { incoming, outgoing, ...channel, production });
    },
    {
      errorHandler(error) {
        // Hono's own: a request that cannot be read, such as one with a broken Host.
        const unreadable = error instanceof Error && error.name === 'RequestError';
        if (!unreadable) log.error('request-failed', { code: errorCode(error) });
        return unreadable ? problemResponse(400, 'bad-request') : problemResponse(500, 'internal');
      },
    },
  );
}

async function open(
  server: Server,
  port: number,
  host: string | undefined,
  onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
  log: Log,
): Promise<Server> {
  server.setTimeout(IDLE_LIMIT);
  server.on('request', onRequest);
  // A client that asks before it sends a body: whoever is refused must not be told to go on.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    onRequest(incoming, outgoing);
    if (!outgoing.headersSent) outgoing.writeContinue();
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
    });
  } catch (error) {
    throw cannotListen(errorCode(error), port, host);
  }
  server.on('error', (error) => log.error('listener-failed', { code: errorCode(error) }));
  return server;
}

function cannotListen(code: string, port: number, host: string | undefined): TrothError {
  const where = `port ${port}${host === undefined ? '' : ` of ${host}`}`;
  if (code === 'EADDRINUSE') {
    return new TrothError('port-in-use', `expected ${where} to be free; another program listens there`, {
      hint: 'give another --port (0 takes any free one)',
    });
  }
  if (code === 'EACCES') {
    return new TrothError('port-denied', `expected to be let listen on ${where}; the system does not allow it`, {
      hint: 'give a --port above 1023',
    });
  }
  return new TrothError('cannot-listen', `expected to listen on ${where}; that failed (${code})`, {
    hint: 'is --host an address of this machine?',
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function close(servers: Server[], grace: number): Promise<void> {
  const cut = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), grace);
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      return closed;
    }),
  );
  clearTimeout(cut);
}
