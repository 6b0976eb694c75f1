/** The door of the API: the same verbs as the pages, as JSON, described in OpenAPI 3.1. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Throttle } from '../accounts/index.ts';
import type { House } from '../gate/index.ts';
import type { ClauseResults } from '../notices/index.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { meApi } from './me.ts';
import { policyApi } from './policy.ts';
import { serviceApi } from './services.ts';
import { sessionApi } from './session.ts';
import { deskApi } from './desk.ts';

/** The API of a house, and at /openapi.json what it is made of. */
export function apiRoutes(
  house: House,
  throttle: Throttle,
  results: () => ClauseResults | undefined,
): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  sessionApi(app, house, throttle);
  serviceApi(app, house);
  meApi(app, house, throttle);
  deskApi(app, house);
  policyApi(app, house, results);
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Troth',
      version: '0.1.0',
      description: 'Forms, consents, rights and evidence of a house that keeps its privacy policy.',
      license: { name: 'Apache-2.0' },
    },
  });
  return app;
}
