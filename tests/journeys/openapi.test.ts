import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { startServer, type Server } from '../harness/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

it('describes its API in OpenAPI 3.1, and everything described is there', async () => {
  const client = new Client(server.url);
  const { json } = await client.get('/openapi.json');
  expect(json.openapi).toBe('3.1.0');
  const paths = Object.entries(json.paths as Record<string, Record<string, { responses: object }>>);
  expect(paths.length).toBeGreaterThan(8);
  for (const [path, methods] of paths) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const at = path.replace('{service}', 'question');
      const answer = method === 'get' ? await client.get(at) : await client.api(method.toUpperCase() as 'POST', at, {});
      // An empty body is no good body; what matters is that somebody answers, as described, in the form of RFC 9457.
      expect(Object.keys(responses), `${method} ${path}`).toContain(String(answer.status));
      if (answer.status >= 400) {
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(answer.json).toMatchObject({
          type: expect.stringMatching(/^urn:troth:problem:/),
          status: answer.status,
        });
      }
    }
  }
});
