/** What came back: status, headers, the text, and as JSON where it is. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any; // oxlint-disable-line typescript/no-explicit-any -- a test reads what it expects
}

export interface Asking {
  headers?: Record<string, string>;
  /** Keeps no cookie and sends none. */
  bare?: boolean;
}

/** Someone with a browser's habits (cookies, Origin on writes) and no browser: for what pages and API answer, byte for byte. */
export class Client {
  readonly base: string;
  readonly cookies = new Map<string, string>();

  constructor(base: string) {
    this.base = base;
  }

  get(path: string, asking: Asking = {}): Promise<Answer> {
    return this.send('GET', path, undefined, asking);
  }

  /** Posts a form as a page of this site does. */
  form(path: string, fields: Record<string, string>, asking: Asking = {}): Promise<Answer> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      ...asking.headers,
    };
    return this.send('POST', path, new URLSearchParams(fields).toString(), { ...asking, headers });
  }

  /** Sends JSON to the API. */
  api(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, asking: Asking = {}): Promise<Answer> {
    const headers = { 'content-type': 'application/json', accept: 'application/json', ...asking.headers };
    return this.send(method, path, body === undefined ? undefined : JSON.stringify(body), { ...asking, headers });
  }

  async send(method: string, path: string, body: string | undefined, asking: Asking): Promise<Answer> {
    const headers = new Headers(asking.headers);
    const jar = asking.bare === true ? '' : [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (jar !== '') headers.set('cookie', jar);
    if (method !== 'GET' && !headers.has('origin')) headers.set('origin', this.base);
    // A connection of its own, so that none is met that the server just closed as idle.
    headers.set('connection', 'close');
    const response = await fetch(new URL(path, this.base), {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    if (asking.bare !== true) for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  #keep(line: string): void {
    const [pair, ...attributes] = line.split(';');
    const at = pair!.indexOf('=');
    const name = pair!.slice(0, at).trim();
    const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, pair!.slice(at + 1));
  }
}
