import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../platform/web/frame.ts';
import { sessionCookie } from './session.ts';

/** Gives the session to the browser: unreadable for scripts, sent to this site alone, gone when the browser closes. */
export function giveSession(c: AppContext, token: string): void {
  const { tls } = c.get('frame');
  setCookie(c, sessionCookie(tls), token, { httpOnly: true, secure: tls, sameSite: 'Lax', path: '/' });
}

export function takeSession(c: AppContext): void {
  const { tls } = c.get('frame');
  deleteCookie(c, sessionCookie(tls), { path: '/', secure: tls });
}

export function sessionToken(c: AppContext, tls: boolean): string | undefined {
  return getCookie(c, sessionCookie(tls));
}
