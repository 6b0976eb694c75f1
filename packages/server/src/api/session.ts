import { z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  giveSession,
  sessionToken,
  signIn,
  signInWords,
  takeSession,
  closeSession,
  type Throttle,
} from '../accounts/index.ts';
import type { House } from '../gate/index.ts';
import { problemResponse } from '../platform/problem.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { endpoint } from './endpoint.ts';
import { Credentials } from './schemas.ts';

/** Signing in and out. */
export function sessionApi(app: OpenAPIHono<AppEnv>, house: House, throttle: Throttle): void {
  const done = z.object({ kind: z.string() });
  for (const kind of ['member', 'staff'] as const) {
    const path = kind === 'staff' ? '/api/staff/session' : '/api/session';
    endpoint(
      app,
      { method: 'post', path: path, summary: `Sign in as ${kind}`, body: Credentials, answer: done },
      async (c, { id, password }) => {
        const result = await signIn(house, throttle, kind, id, password);
        if (result.outcome === 'in') {
          giveSession(c, result.token);
          return c.json({ kind }, 200);
        }
        const headers: Record<string, string> =
          result.outcome === 'wait' ? { 'retry-after': String(result.seconds) } : {};
        const detail = signInWords(c.get('frame'), result);
        return problemResponse(result.outcome === 'wait' ? 429 : 403, `sign-in-${result.outcome}`, { detail, headers });
      },
    );
  }
  endpoint(
    app,
    { method: 'delete', path: '/api/session', summary: 'Sign out', answer: z.object({ out: z.literal(true) }) },
    async (c) => {
      const token = sessionToken(c, c.get('frame').tls);
      if (token !== undefined) await closeSession(house, token);
      takeSession(c);
      return c.json({ out: true as const }, 200);
    },
  );
}
