import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Somebody at a real browser, with an eye on what the pages do behind their back. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Addresses outside the house that a page made the browser load. */
  readonly foreign: string[];
  /** What the browser complained of: errors of pages, violations of the Content-Security-Policy. */
  readonly complaints: string[];
  /** Opens a page of the house by its path, and returns the status. */
  open(path: string): Promise<number>;
  /** Presses the button of the page's own form that bears this name, and waits for the answer's status. */
  press(name: string | RegExp): Promise<number>;
  /** What axe-core finds wrong with the page as it stands, as "rule: where". Needs JavaScript. */
  flaws(): Promise<string[]>;
  end(): Promise<void>;
}

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 3,
  isMobile: true,
  hasTouch: true,
};

/** Lets somebody in with a fresh browser profile. */
export async function visit(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: base, locale: 'en-GB', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`)) foreign.push(request.url());
  });
  page.on('console', (message) => {
    // A refusal is a page with a status above 400, which Chromium reports as a resource that failed to load.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded with a status of');
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    context,
    page,
    foreign,
    complaints,
    async open(path) {
      const response = await page.goto(path);
      return response?.status() ?? 0;
    },
    async press(name) {
      const answered = page.waitForResponse((response) => response.request().isNavigationRequest());
      await page.locator('main').getByRole('button', { name }).first().click();
      const response = await answered;
      await page.waitForLoadState('load');
      return response.status();
    },
    async flaws() {
      await page.evaluate(AXE);
      // The text names what runs in the page, where axe is a global.
      const found = await page.evaluate<Violation[]>('axe.run().then((result) => result.violations)');
      return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    },
    end: () => context.close(),
  };
}
