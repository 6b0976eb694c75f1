import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { problem } from './problem.ts';

/** How a request reached us. */
export interface Channel {
  /** Over TLS, to us or to a proxy that we trust. */
  secure: boolean;
  /** The address of the client, for throttling in memory; not to be stored. */
  address: string;
}

/** Judges the channel of a request. What a proxy says counts only when it comes from a trusted one. */
export function channelOf(incoming: IncomingMessage, trusted: (address: string | undefined) => boolean): Channel {
  const { socket } = incoming;
  const peer = socket.remoteAddress;
  if (!trusted(peer)) return { secure: (socket as Partial<TLSSocket>).encrypted === true, address: peer ?? '' };
  // Proxies append: the last word is of the one that we trust. The one before may be anybody's invention.
  const proto = listOf(incoming.headers['x-forwarded-proto']).at(-1);
  const client = listOf(incoming.headers['x-forwarded-for']).findLast((address) => !trusted(address));
  return { secure: proto?.toLowerCase() === 'https', address: client ?? peer ?? '' };
}

/**
 * Answers a request that came in the clear to a house in production: a read is sent to HTTPS (308, RFC 9110), anything else
 * refused before its body is read, for it may hold what must not travel so, and the client shall notice.
 * @param port of HTTPS; 443 is left out
 */
export function refuseInsecure(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const read = incoming.method === 'GET' || incoming.method === 'HEAD';
  const host = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?$/i.exec(incoming.headers.host ?? '')?.[1];
  const path = incoming.url?.startsWith('/') ? incoming.url : '/';
  if (read && host !== undefined) {
    const location = `https://${host}${port === 443 ? '' : `:${port}`}${path}`;
    outgoing.writeHead(308, { location, 'cache-control': 'no-store', 'content-length': '0' }).end();
    return;
  }
  const [status, code] = read ? ([400, 'bad-host'] as const) : ([403, 'insecure-channel'] as const);
  const detail = read
    ? 'expected a Host header with the name of this site'
    : 'expected HTTPS; this request came over plain HTTP and was not read';
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  };
  outgoing.writeHead(status, headers);
  outgoing.end(JSON.stringify(problem(status, code, { detail })), () => incoming.socket.destroySoon());
}

/** Names under which a house in development answers. Others could be a foreign page's that points its own name at loopback. */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
