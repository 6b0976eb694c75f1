import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../harness/browser.ts';
import { HOUSES } from '../harness/houses.ts';
import { newMember, PASSWORD } from '../harness/people.ts';
import { startServer, type Server } from '../harness/server.ts';
import { PHONE, visit, type Visitor } from '../harness/visitor.ts';

/** Public pages, as somebody meets them who only looks. */
const PUBLIC = [
  '/',
  '/policy',
  '/policy/history',
  '/policy/changes?from=1',
  '/follow',
  '/ledger',
  '/outbox',
  '/nowhere',
];

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe.each(HOUSES)('the public pages of $policy', (house) => {
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

  it('have no flaw that axe-core finds, and load nothing from elsewhere', async () => {
    const visitor = await visit(browser, server.url);
    for (const path of [...PUBLIC, `/services/${service}`]) {
      await visitor.open(path);
      expect(await visitor.flaws(), path).toEqual([]);
    }
    await visitor.press('Send');
    expect(await visitor.flaws(), 'the form with complaints').toEqual([]);
    await fill(visitor);
    await visitor.press('Send');
    expect(await visitor.flaws(), 'the thanks').toEqual([]);
    const reference = await visitor.page.locator('#reference').innerText();
    await visitor.open('/follow');
    await visitor.page.locator('#reference').fill(reference);
    await visitor.press('Show');
    expect(await visitor.flaws(), 'the state').toEqual([]);
    expect(visitor.foreign).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    expect(await visitor.context.cookies()).toEqual([]);
    await visitor.end();
  });

  it('fit a phone', async () => {
    const visitor = await visit(browser, server.url, PHONE);
    for (const path of [...PUBLIC, `/services/${service}`]) {
      await visitor.open(path);
      const wide = await visitor.page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect((wide as number[])[0], path).toBeLessThanOrEqual((wide as number[])[1]!);
    }
    expect(await visitor.flaws(), 'the form').toEqual([]);
    await fill(visitor);
    expect(await visitor.press('Send')).toBe(201);
    await visitor.end();
  });
});

describe('the pages of members', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.end());

  it('have no flaw that axe-core finds, in English and in Chinese', async () => {
    const member = await newMember(server);
    const visitor = await visit(browser, server.url);
    const flawless = async (path: string): Promise<void> => {
      await visitor.open(path);
      expect(await visitor.flaws(), path).toEqual([]);
    };
    for (const path of ['/services/registration', '/sign-in', '/staff/sign-in', '/forgot', '/prove?token=x'])
      await flawless(path);
    await flawless('/set-password?token=x');
    await visitor.open('/services/registration');
    await visitor.press('Send');
    expect(await visitor.flaws(), 'the form with complaints').toEqual([]);
    await visitor.open('/sign-in');
    await visitor.page.locator('#id').fill(member.email);
    await visitor.page.locator('#password').fill(PASSWORD);
    await visitor.press('Sign in');
    for (const path of ['/me', '/me/edit', '/me/password', '/me?lang=zh', '/me/edit', '/services/registration'])
      await flawless(path);
    expect(await visitor.page.locator('h1').innerText()).toBe('会员注册');
    expect(visitor.foreign).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.end();
  });
});
