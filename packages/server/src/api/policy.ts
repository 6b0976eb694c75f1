import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { House } from '../gate/index.ts';
import { stateOf, versionsOf, type ClauseResults } from '../notices/index.ts';
import type { AppEnv } from '../platform/web/frame.ts';
import { endpoint } from './endpoint.ts';
import { ClauseStatus, Version } from './schemas.ts';

/** The policy in force, for programs. */
export function policyApi(app: OpenAPIHono<AppEnv>, house: House, results: () => ClauseResults | undefined): void {
  const policy = z.object({
    id: z.string(),
    version: z.string(),
    sha256: z.string(),
    controller: z.string(),
    versions: z.array(Version),
  });
  endpoint(
    app,
    { method: 'get', path: '/api/policy', summary: 'The policy in force and its versions', answer: policy },
    async (c) => {
      const { document, hash } = house.policy();
      const versions = await versionsOf(house.db, document.id);
      return c.json(
        {
          id: document.id,
          version: document.version,
          sha256: hash.toString('hex'),
          controller: document.controller.name,
          versions: versions.map((each) => ({
            version: each.version,
            published: each.publishedAt.toISOString(),
            sha256: each.hash,
          })),
        },
        200,
      );
    },
  );

  endpoint(
    app,
    {
      method: 'get',
      path: '/api/policy/clauses',
      summary: 'Every clause and whether tests show it kept',
      answer: z.array(ClauseStatus),
    },
    (c) => {
      const inForce = house.policy();
      const latest = results();
      const { clauses } = inForce.document;
      return c.json(
        clauses.map((clause) => ({
          id: clause.id,
          state: stateOf(clause, inForce, latest),
          verbs: [...new Set(clause.rules.map(({ verb }) => verb))],
        })),
        200,
      );
    },
  );
}
