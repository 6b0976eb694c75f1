import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { TrothError } from '../platform/errors.ts';
import type { AppContext, AppEnv } from '../platform/web/frame.ts';
import { Problem } from './schemas.ts';

/** One endpoint: what it takes and what it answers, for the OpenAPI document and for the check of bodies alike. */
export interface Endpoint<Body extends z.ZodType> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With parameters as `{name}`. */
  path: string;
  summary: string;
  body?: Body;
  answer: z.ZodType;
  status?: 200 | 201;
}

const PROBLEMS: Record<number, string> = {
  400: 'the body could not be read',
  401: 'sign in first',
  403: 'refused, with the clauses that it stands on',
  404: 'not there',
  422: 'values that do not fit',
  429: 'too often',
  503: 'not ready; see Retry-After',
};

/**
 * Adds an endpoint: its description to the OpenAPI document, its handler to the routes. A body that does not fit its schema is
 * refused with `bad-body` before the handler sees it.
 */
export function endpoint<Body extends z.ZodType>(
  app: OpenAPIHono<AppEnv>,
  { method, path, summary, body, answer, status = 200 }: Endpoint<Body>,
  handle: (c: AppContext, body: z.infer<Body>) => Response | Promise<Response>,
): void {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  app.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    request: {
      ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
      ...(names.length > 0 && { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
    },
    responses: {
      [status]: { description: 'done', content: { 'application/json': { schema: answer } } },
      ...Object.fromEntries(
        Object.entries(PROBLEMS).map(([code, description]) => [
          code,
          { description, content: { 'application/problem+json': { schema: Problem } } },
        ]),
      ),
    },
  });
  app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) =>
    handle(c, (body && (await readBody(c, body))) as z.infer<Body>),
  );
}

/** Reads a JSON body by its schema. The complaint names kinds of problems, never what came. */
async function readBody<Body extends z.ZodType>(c: AppContext, schema: Body): Promise<z.infer<Body>> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const text = type === 'application/json' ? await c.req.text() : undefined;
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  // The schemas would pass over this one name in silence; a field that nobody declared is refused by name.
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'))
    throw new TrothError('bad-body', 'expected fields that the service declares; came one called "__proto__"');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const kinds = [...new Set(parsed.error.issues.map((issue) => issue.code))].join(', ');
  throw new TrothError('bad-body', `expected a JSON body as /openapi.json describes it; it does not fit (${kinds})`);
}
