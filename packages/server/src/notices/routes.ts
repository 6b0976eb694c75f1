import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { setting, type House } from '../gate/index.ts';
import { readFields } from '../platform/web/body.ts';
import type { AppContext, AppEnv } from '../platform/web/frame.ts';
import { notePage, show } from '../platform/web/layout.ts';
import { stateOf, type ClauseResults } from './kept.ts';
import { changesPage, historyPage, policyPage } from './pages.ts';
import { searchPage } from './search.ts';
import { versionOf, versionsOf } from './publish.ts';

/** Keeps the number of the version that a reader chose to have remembered; it holds nothing else and is set by no page view. */
const SEEN_COOKIE = 'seen_version';

/** The policy and its versions, readable by anybody without account, cookie or sign-in. */
export function noticeRoutes(house: House, results: () => ClauseResults | undefined): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get('/policy', async (c) => {
    const policy = house.policy();
    const versions = await versionsOf(house.db, policy.document.id);
    const remembers = Object.hasOwn(policy.document.terms.cookies, SEEN_COOKIE);
    const known = remembers ? getCookie(c, SEEN_COOKIE) : undefined;
    const seen = versions.find(({ version }) => version === known)?.version;
    const latest = results();
    const notice = {
      document: policy.document,
      published: versions.find(({ version }) => version === policy.document.version)?.publishedAt,
      states: (clause: Parameters<typeof stateOf>[0]) => stateOf(clause, policy, latest),
      seen,
      before:
        seen === undefined || seen === policy.document.version
          ? undefined
          : await versionOf(house.db, policy.document.id, seen),
      remembers,
      newest: policy.document.version,
    };
    return show(c, c.get('frame').say('Privacy policy', '隐私政策'), policyPage(c.get('frame'), notice));
  });

  app.post('/policy/seen', async (c) => {
    const version = (await readFields(c)).get('version') ?? '';
    const versions = await versionsOf(house.db, house.policy().document.id);
    const declared = Object.hasOwn(house.policy().document.terms.cookies, SEEN_COOKIE);
    if (declared && versions.some((each) => each.version === version)) {
      const { tls } = c.get('frame');
      setCookie(c, SEEN_COOKIE, version, {
        httpOnly: true,
        secure: tls,
        sameSite: 'Lax',
        path: '/',
        maxAge: setting(house, 'choice_days') * 86_400,
      });
    }
    return c.redirect('/policy', 303);
  });

  app.get('/policy/history', async (c) =>
    show(
      c,
      c.get('frame').say('All versions', '全部版本'),
      historyPage(c.get('frame'), await versionsOf(house.db, house.policy().document.id)),
    ),
  );

  app.get('/policy/search', (c) => {
    const frame = c.get('frame');
    const query = (c.req.query('q') ?? '').slice(0, 200);
    return show(c, frame.say('Search', '搜索'), searchPage(frame, house.policy().document, query));
  });

  app.get('/policy/versions/:version', async (c) => {
    const { document: current } = house.policy();
    const document = await versionOf(house.db, current.id, c.req.param('version'));
    if (document === undefined) return noSuchVersion(c);
    const published = (await versionsOf(house.db, current.id)).find(
      ({ version }) => version === document.version,
    )?.publishedAt;
    const notice = {
      document,
      published,
      states: undefined,
      seen: document.version,
      remembers: false,
      newest: current.version,
    };
    return show(c, c.get('frame').say('Privacy policy', '隐私政策'), policyPage(c.get('frame'), notice));
  });

  app.get('/policy/changes', async (c) => {
    const { document } = house.policy();
    const before = await versionOf(house.db, document.id, c.req.query('from') ?? '');
    if (before === undefined) return noSuchVersion(c);
    return show(c, c.get('frame').say('What changed', '变化'), changesPage(c.get('frame'), before, document));
  });
  return app;
}

function noSuchVersion(c: AppContext): Promise<Response> {
  const frame = c.get('frame');
  const title = frame.say('No such version', '没有此版本');
  return show(c, title, notePage(frame, title, [], [['/policy/history', frame.say('All versions', '全部版本')]]), 404);
}
