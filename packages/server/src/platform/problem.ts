/** A problem as RFC 9457 has it, with our additions: a stable code, a hint, and whatever a room adds (clauses, findings). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  hint?: string;
  [more: string]: unknown;
}

export interface ProblemDetail {
  detail?: string | undefined;
  hint?: string | undefined;
  /** Members of a room's own, such as `clauses` or `errors`. Never what a person sent. */
  more?: Record<string, unknown>;
  headers?: Record<string, string>;
}

const MEDIA_TYPE = 'application/problem+json; charset=utf-8';
const TITLES: Record<number, string> = {
  400: 'The request could not be read',
  401: 'Sign in first',
  403: 'Refused',
  404: 'Not found',
  405: 'Not with this method',
  409: 'In conflict with what is there',
  413: 'Too large',
  415: 'Not in this format',
  421: 'Asked under another name',
  422: 'The values do not fit',
  429: 'Too often',
  500: 'Something failed on our side',
  503: 'Not ready',
};

/** Makes a problem. Its type is a name, not an address: nothing has to be fetched to tell two problems apart. */
export function problem(status: number, code: string, { detail, hint, more }: ProblemDetail = {}): Problem {
  return {
    type: `urn:troth:problem:${code}`,
    title: TITLES[status] ?? 'Problem',
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...more,
  };
}

/** Answers with a problem (RFC 9457, `application/problem+json`), never to be stored by a cache. */
export function problemResponse(status: number, code: string, options: ProblemDetail = {}): Response {
  const headers = { 'content-type': MEDIA_TYPE, 'cache-control': 'no-store', ...options.headers };
  return new Response(JSON.stringify(problem(status, code, options)), { status, headers });
}
