import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../harness/browser.ts';
import { Client } from '../harness/client.ts';
import { HOUSES } from '../harness/houses.ts';
import { startServer, type Server } from '../harness/server.ts';
import { visit, type Visitor } from '../harness/visitor.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe.each(HOUSES)('a concern, sent to the house of $policy', (house) => {
  const { service, values } = house;
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ policy: `policies/${house.policy}/policy.md` });
  });
  afterAll(() => server.end());

  async function fill(visitor: Visitor): Promise<void> {
    for (const [name, value] of Object.entries(values)) await visitor.page.locator(`[name="${name}"]`).fill(value);
    if (house.acknowledge) await visitor.page.locator('[name="acknowledged"]').check();
  }

  it.each([{ javaScriptEnabled: false }, { javaScriptEnabled: true }])(
    'a visitor reads the policy, sends a concern and follows it: %o',
    async (options) => {
      const visitor = await visit(browser, server.url, options);
      const { page } = visitor;
      expect(await visitor.open('/')).toBe(200);
      await page.locator('main').getByRole('link', { name: 'Read the privacy policy' }).click();
      expect(await page.locator('.clause').count()).toBe(house.clauses);
      expect(await page.locator(`#${house.clause}`).innerText()).toContain(house.clause);

      await visitor.open('/');
      await page.locator(`main a[href="/services/${service}"]`).click();
      // The notice stands at the point of collection: beside each field what it is for and on which clause.
      for (const name of Object.keys(values)) {
        expect(await page.locator(`#field-${name}-why`).innerText()).toMatch(/^For: .+ · /);
        expect(await page.locator(`#field-${name}-why a`).getAttribute('href')).toBe(`/policy#${house.clause}`);
      }
      expect(await page.locator('main input[type=checkbox]:checked').count()).toBe(0);
      expect(await page.locator('main :is(input, textarea)').count()).toBe(
        Object.keys(values).length + (house.acknowledge ? 1 : 0),
      );

      expect(await visitor.press('Send')).toBe(422);
      expect(await page.locator('[role=alert]').first().innerText()).toContain('Nothing was kept');
      expect(await page.locator('p.error').count()).toBeGreaterThan(0);
      await fill(visitor);
      expect(await visitor.press('Send')).toBe(201);
      const reference = (await page.locator('#reference').innerText()).trim();
      expect(reference).toMatch(/^TR(-[0-9A-Z]{4}){4}$/);
      expect(await page.locator('main').innerText()).toContain(house.mailbox);
      expect(await page.locator('main').innerText()).toContain('No deadline is promised');

      await page.getByRole('link', { name: 'Follow it' }).click();
      await page.locator('#reference').fill(reference.toLowerCase().replaceAll('-', ' '));
      expect(await visitor.press('Show')).toBe(200);
      expect(await page.locator('#state').innerText()).toBe('received, waiting in the queue');
      // The sender's own words come back only where the policy offers access on the reference (haier-02c).
      const shown = await page.locator('main pre').allInnerTexts();
      expect(shown).toEqual(house.ownWords ? [values.feedback_content] : []);

      expect(await visitor.context.cookies()).toEqual([]);
      expect(visitor.foreign).toEqual([]);
      expect(visitor.complaints).toEqual([]);
      await visitor.end();
    },
  );

  it('speaks Chinese to whoever asks for it, and remembers the choice only where its policy declares such a cookie', async () => {
    // Where nothing is remembered, a browser that prefers Chinese has it all the same.
    const visitor = await visit(browser, server.url, house.remembers ? {} : { locale: 'zh-CN' });
    await visitor.open(`/services/${service}?lang=zh`);
    const { page } = visitor;
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    expect(await page.locator('main').innerText()).toContain('用于：');
    expect(await visitor.flaws()).toEqual([]);
    expect(await visitor.press('提交')).toBe(422);
    expect(await page.locator('[role=alert]').first().innerText()).toContain('未保存任何内容');
    await fill(visitor);
    expect(await visitor.press('提交')).toBe(201);
    expect(await page.locator('h1').innerText()).toBe('我们已收到您的留言');
    await visitor.open('/policy');
    expect(await page.locator('h1').innerText()).toBe(house.zh);
    const kept = (await visitor.context.cookies()).map(({ name, value }) => [name, value]);
    expect(kept).toEqual(house.remembers ? [['language', 'zh']] : []);
    await visitor.end();
  });

  it('goes the same way through the API, and an undeclared field is refused by name', async () => {
    const client = new Client(server.url);
    const about = await client.get(`/api/services/${service}`);
    expect(about.json.fields.map((field: { data: string }) => field.data)).toEqual(Object.keys(values));
    const whole = { ...values, acknowledged: true };
    const refused = await client.api('POST', `/api/services/${service}`, { ...whole, shoe_size: '43' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.json.findings).toContainEqual(
      expect.objectContaining({ code: 'undeclared_data', data: 'shoe_size' }),
    );

    const sent = await client.api('POST', `/api/services/${service}`, whole);
    expect(sent.status).toBe(201);
    expect(sent.json).toMatchObject({ received: true, mailbox: house.mailbox, deadline: 'none promised' });
    const { reference } = sent.json;
    const followed = await client.api('POST', '/api/follow', { reference });
    expect(followed.json.state).toBe('received');
    expect(followed.json.own.map((held: { value: string }) => held.value)).toEqual(
      house.ownWords ? [values.feedback_content] : [],
    );
    const other = reference.slice(0, -1) + (reference.endsWith('0') ? '1' : '0');
    expect((await client.api('POST', '/api/follow', { reference: other })).status).toBe(404);
    expect(client.cookies.size).toBe(0);
  });
});
