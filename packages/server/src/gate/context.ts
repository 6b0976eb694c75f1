import type { Kysely } from 'kysely';
import type { PolicyDocument, Tables } from '@troth/policy';
import type { Clock } from '../platform/clock.ts';
import type { Sealer } from '../ledger/index.ts';
import type { Database } from '../platform/schema.ts';
import type { Keyring } from '../vault/index.ts';

/** The policy in force: its document, its tables, and the SHA-256 of its text. */
export interface PolicyInForce {
  readonly document: PolicyDocument;
  readonly tables: Tables;
  readonly hash: Buffer;
}

/** What every verb of the gate works with. The policy can be replaced while the server runs; each decision reads it once. */
export interface GateContext {
  readonly db: Kysely<Database>;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Marks entries as this house's own. */
  readonly sealer: Sealer;
  /** The installation's id: part of every seal, so that no value opens in another house. */
  readonly installation: string;
  policy(): PolicyInForce;
}
