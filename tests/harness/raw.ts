import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface RawRequest {
  method?: string;
  path: string;
  /** Sent as they are, `Host` too. */
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Sends the head alone and waits for the answer with the body still to come. */
  headOnly?: boolean;
}

/** A request that no browser and no fetch would make: any header, any body, the house's own certificate unasked. */
export function raw(
  base: string,
  { method = 'GET', path, headers = {}, body, headOnly = false }: RawRequest,
): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(base);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = { method, host: hostname, port, path, headers, agent: false, rejectUnauthorized: false };
    const request = send(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        if (headOnly) request.destroy();
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(parts).toString() });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    if (headOnly) request.flushHeaders();
    else request.end(body);
  });
}
