import type { ServerOptions } from 'node:http';
import { problemResponse } from './problem.ts';

/** Bytes of a request's body at most. The house takes words, no files. */
const BODY_LIMIT = 1_000_000;

/** Times in milliseconds, sizes in bytes: what a slow or greedy client may take from us. */
export const SERVER_LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  // How often Node looks for connections over these times.
  connectionsCheckingInterval: 2_000,
} as const satisfies ServerOptions;

/** A connection on which nothing moves for so many milliseconds is cut. */
export const IDLE_LIMIT = 60_000;

/**
 * Holds a request to the body limit. A body of stated length is judged by what it states (Node holds it to that); one that
 * comes in chunks is read here, up to the limit, before any room sees it.
 * @returns the request to go on with, or the answer 413 that ends the connection
 */
export async function limitBody(request: Request, limit = BODY_LIMIT): Promise<Request | Response> {
  if (request.method === 'GET' || request.method === 'HEAD') return request;
  const stated = request.headers.get('content-length');
  if (stated !== null && !request.headers.has('transfer-encoding'))
    return Number(stated) > limit ? tooLarge(limit) : request;
  if (request.body === null) return request;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.byteLength;
    if (size > limit) return tooLarge(limit);
    parts.push(part);
  }
  const { method, headers, url } = request;
  return new Request(url, { method, headers, body: Buffer.concat(parts) });
}

function tooLarge(limit: number): Response {
  const detail = `expected a body of at most ${limit} bytes; this one is larger`;
  return problemResponse(413, 'body-too-large', { detail, headers: { connection: 'close' } });
}
