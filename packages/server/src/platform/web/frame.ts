import type { Context } from 'hono';
import type { Language, Say } from './language.ts';

/** Who is signed in: a random id and what kind of person; the name stays in the vault. */
export interface SignedIn {
  person: string;
  kind: 'member' | 'staff';
}

/** What every page knows of its request and of the site that it belongs to. */
export interface Frame {
  language: Language;
  say: Say;
  site: { name: string; title: string; accounts: boolean; follow: boolean; passwordMinimum: number };
  signedIn: SignedIn | undefined;
  /** Whether the request came over TLS, or stays on this machine in development. */
  secure: boolean;
  /** Whether the connection itself was TLS: cookies are marked Secure then. */
  tls: boolean;
  development: boolean;
  path: string;
  /** The query of the page's own address, so that its other language is the same page. */
  search?: string;
}

/** What listeners hand to the app with each request. */
export interface Bindings {
  secure: boolean;
  production: boolean;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: { frame: Frame };
}

export type AppContext = Context<AppEnv>;
