import { setting, type House } from '../gate/index.ts';
import { newToken, tokenHash } from '../vault/index.ts';
import type { SignedIn } from '../platform/web/frame.ts';

/** The name of the session cookie; over TLS with the prefix that binds it to this host (RFC 6265bis, section 4.1.3). */
export function sessionCookie(tls: boolean): string {
  return tls ? '__Host-session' : 'session';
}

/** Opens a session. Only a digest of its token is kept; neither address nor browser of the person is. */
export async function openSession(house: House, signedIn: SignedIn): Promise<{ token: string; expires: Date }> {
  const { token, hash } = newToken();
  const created_at = house.clock.now();
  const hours = setting(house, signedIn.kind === 'staff' ? 'staff_session_hours' : 'session_hours');
  const expires = new Date(created_at.getTime() + hours * 3_600_000);
  await house.db
    .insertInto('sessions')
    .values({ person_id: signedIn.person, token_hash: hash, kind: signedIn.kind, created_at, expires_at: expires })
    .execute();
  return { token, expires };
}

/** Who a session token belongs to, if it is one and has not ended. */
export async function sessionOf(house: House, token: string | undefined): Promise<SignedIn | undefined> {
  const hash = token === undefined ? undefined : tokenHash(token);
  if (hash === undefined) return undefined;
  const row = await house.db
    .selectFrom('sessions')
    .innerJoin('people', 'people.person_id', 'sessions.person_id')
    .select(['sessions.person_id', 'sessions.kind'])
    .where('token_hash', '=', hash)
    .where('expires_at', '>', house.clock.now())
    .where('people.erased_at', 'is', null)
    .executeTakeFirst();
  return row && { person: row.person_id, kind: row.kind };
}

export async function closeSession(house: House, token: string): Promise<void> {
  const hash = tokenHash(token);
  if (hash !== undefined) await house.db.deleteFrom('sessions').where('token_hash', '=', hash).execute();
}

/** Ends every session of a person: after a new password, or when they are let go. */
export async function closeSessionsOf(house: House, person: string): Promise<void> {
  await house.db.deleteFrom('sessions').where('person_id', '=', person).execute();
}
