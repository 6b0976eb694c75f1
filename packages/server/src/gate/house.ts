import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/schema.ts';
import type { Keyring } from '../vault/index.ts';
import type { PolicyInForce } from './context.ts';
import type { Gate } from './index.ts';

/** What every room of the house works with. The keyring is here for look-ups by identifier; values open through the gate alone. */
export interface House {
  readonly db: Kysely<Database>;
  readonly gate: Gate;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly production: boolean;
  /** Where people reach this house, without a trailing slash, as links in mails need it. */
  origin(): string;
  policy(): PolicyInForce;
}
