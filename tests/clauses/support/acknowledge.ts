import { expect } from 'vitest';
import { Client } from '../../harness/client.ts';
import type { Server } from '../../harness/server.ts';
import { formsOf, wordsOf } from './pages.ts';
import { holdings, rowsOf } from './store.ts';

/** An answer on record. */
export interface Consent {
  about: string;
  clause: string;
  policy_version: string;
  words: string;
  language: string;
  at: Date;
}

/** What is no acknowledgement. */
const UNREAD: Record<string, string>[] = [
  {},
  { acknowledged: '' },
  { acknowledged: 'no' },
  { acknowledged: 'false' },
  { acknowledge: 'yes' },
];

/** Sends a form without and with the acknowledgement, and returns the answers on record that came of it. */
export async function acknowledge(
  server: Server,
  service: string,
  values: Record<string, string>,
  language: string,
): Promise<Consent[]> {
  const before = await holdings(server);
  const client = new Client(server.url);
  const headers = { 'accept-language': language };
  for (const unread of UNREAD) {
    const asked = await client.form(`/services/${service}`, { ...values, ...unread }, { headers });
    expect(asked.status).toBe(422);
    expect(formsOf(asked.text)[0]!.fields).toContainEqual({ name: 'acknowledged', type: 'checkbox' });
    expect(asked.text).not.toMatch(/name="acknowledged"[^>]*checked/);
    expect(wordsOf(asked.text)).toMatch(
      language === 'en' ? /I do so at my own risk[\s\S]*was not acknowledged/ : /相关风险由我自行承担[\s\S]*尚未确认/,
    );
    const refused = await client.api('POST', `/api/services/${service}`, { ...values, ...unread, acknowledged: false });
    expect(refused.status).toBe(403);
  }
  const bare = await client.api('POST', `/api/services/${service}`, values);
  expect(bare.json.findings).toEqual([expect.objectContaining({ code: 'not_acknowledged', clause: 'mic-33' })]);
  expect(await holdings(server)).toEqual(before);
  const from = Date.now();
  expect((await client.form(`/services/${service}`, { ...values, acknowledged: 'yes' }, { headers })).status).toBe(201);
  const rows = await rowsOf<Consent>(server, `select * from consents where kind = 'acknowledgement' and at >= $1`, [
    new Date(from),
  ]);
  for (const { at } of rows) expect(at.getTime()).toBeLessThanOrEqual(Date.now());
  return rows;
}

/** The text fields of what a form or the API takes: all but the acknowledgement. */
export const strings = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
