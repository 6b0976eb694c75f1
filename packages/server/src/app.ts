import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { accountRoutes, memberReceiver, sessionOf, sessionToken, Throttle } from './accounts/index.ts';
import { apiRoutes } from './api/index.ts';
import { collectRoutes, type Receiver } from './collect/index.ts';
import { followRoutes, queueReceiver } from './desks/index.ts';
import { setting } from './gate/index.ts';
import { homeRoutes } from './home.ts';
import type { OpenHouse } from './house.ts';
import { ledgerRoutes } from './evidence/index.ts';
import { noticeRoutes, type ClauseResults } from './notices/index.ts';
import { onError, onNotFound } from './errors.ts';
import type { Mailer } from './platform/mail.ts';
import type { Log } from './platform/log.ts';
import { checkOrigin } from './platform/origin.ts';
import { problemResponse } from './platform/problem.ts';
import type { AppContext, AppEnv } from './platform/web/frame.ts';
import { securityHeaders } from './platform/web/headers.ts';
import { known, languageOf, LANGUAGE_COOKIE, sayIn } from './platform/web/language.ts';
import { outboxRoutes } from './outbox.ts';
import { rightsRoutes } from './rights/index.ts';
import { deskRoutes } from './use/index.ts';
import { label } from '@troth/policy';

/** What the app needs beside the house. */
export interface AppParts {
  mailer: Mailer;
  log: Log;
  results: () => ClauseResults | undefined;
}

/** Puts the rooms under one roof: every request gets its frame, every write is checked for its origin, every error for its words. */
export function buildApp(house: OpenHouse, parts: AppParts): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const throttle = new Throttle(house.clock, () => ({
    tries: setting(house, 'sign_in_tries'),
    pauseMs: setting(house, 'sign_in_pause') * 60_000,
  }));
  const receivers = new Map<string, Receiver>([
    ['account', memberReceiver(house)],
    ['queue', queueReceiver(house)],
  ]);

  app.use(securityHeaders);
  app.use(async (c, next) => {
    const verdict = checkOrigin(c.req.raw, c.env.secure);
    if (!verdict.ok) {
      return problemResponse(403, verdict.code, {
        detail: 'expected a request that a page of this site made; this one came from elsewhere',
        hint: 'open the page here and send it again',
      });
    }
    c.set('frame', await frameOf(house, c));
    await next();
  });
  app.onError((error, c) => onError(house, parts.log, error, c as AppContext));
  app.notFound((c) => onNotFound(c as AppContext));

  app.route('/', homeRoutes(house, receivers));
  app.route('/', noticeRoutes(house, parts.results));
  app.route('/', collectRoutes(house, receivers));
  app.route('/', accountRoutes(house, throttle));
  app.route('/', rightsRoutes(house, throttle));
  app.route('/', followRoutes(house));
  app.route('/', deskRoutes(house));
  app.route('/', ledgerRoutes(house));
  app.route('/', apiRoutes(house, throttle, parts.results));
  if (parts.mailer.outbox !== undefined) app.route('/', outboxRoutes(parts.mailer.outbox));
  return app;
}

async function frameOf(house: OpenHouse, c: AppContext): Promise<AppEnv['Variables']['frame']> {
  const { document } = house.policy();
  const tls = c.env.secure;
  const asked = c.req.query('lang');
  const language = languageOf(asked, getCookie(c, LANGUAGE_COOKIE), c.req.header('accept-language'));
  // A choice of the reader's own: kept in a cookie that holds the language and nothing else, where the policy declares it.
  if (known(asked) !== undefined && Object.hasOwn(document.terms.cookies, LANGUAGE_COOKIE))
    setCookie(c, LANGUAGE_COOKIE, language, {
      path: '/',
      sameSite: 'Lax',
      httpOnly: true,
      secure: tls,
      maxAge: setting(house, 'choice_days') * 86_400,
    });
  const services = Object.values(document.terms.services);
  return {
    language,
    say: sayIn(language),
    site: {
      name: document.controller.name,
      title: label(document.title, language),
      accounts: services.some(({ kind }) => kind === 'account'),
      follow: services.some(({ kind }) => kind === 'queue'),
      passwordMinimum: setting(house, 'password_minimum'),
    },
    signedIn: await sessionOf(house, sessionToken(c, tls)),
    secure: tls || !c.env.production,
    tls,
    development: !house.production,
    path: c.req.path,
    search: new URL(c.req.url).search,
  };
}
