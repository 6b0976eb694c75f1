import type { Duty, Request } from '@troth/policy';
import { TrothError } from '../platform/errors.ts';

/**
 * Leave to do one thing once. A permit is an object whose meaning lies in a table that only this file can reach, so that one can
 * neither be written by hand nor copied: a copy is another object, and the table does not know it.
 */
export class Permit {
  /** The clauses on which it stands, for whoever wants to tell. */
  readonly clauses: readonly string[];
  constructor(clauses: readonly string[]) {
    this.clauses = Object.freeze([...clauses]);
    Object.freeze(this);
  }
}

/** What the gate knows of a permit. */
export interface Grant {
  readonly request: Request;
  readonly duties: readonly Duty[];
  readonly clauses: readonly string[];
  /** The person it is about; undefined for one who is not born yet. */
  readonly person: string | undefined;
  /** Their consent epoch when it was decided: a later answer kills the permit. */
  readonly epoch: number;
  /** SHA-256 of the policy that decided. */
  readonly policy: Buffer;
  readonly basis: string | undefined;
  /** Milliseconds since the epoch after which it is stale. */
  readonly until: number;
}

const grants = new WeakMap<Permit, Grant>();

/** How long a decision may wait for its effect, in milliseconds: one request, not a session. */
export const PERMIT_LIFE_MS = 30_000;

/** Issues a permit. For the gate's own files only. */
export function issue(grant: Grant): Permit {
  const permit = new Permit(grant.clauses);
  grants.set(permit, Object.freeze(grant));
  return permit;
}

/**
 * Takes a permit for its one use. For the gate's own files only.
 * @throws TrothError `permit-invalid` for a forged, copied, spent or stale permit, or one for another action.
 */
export function spend(permit: Permit, action: Request['action'], now: number): Grant {
  const grant = grants.get(permit);
  grants.delete(permit);
  if (grant === undefined) {
    throw new TrothError(
      'permit-invalid',
      'expected a permit that the gate issued and nobody used; came one it does not know',
      {
        hint: 'ask the gate for a new decision; a permit is good for one effect',
      },
    );
  }
  if (grant.request.action !== action) {
    throw new TrothError('permit-invalid', `expected a permit to ${action}; came one to ${grant.request.action}`);
  }
  if (now > grant.until) {
    throw new TrothError('permit-invalid', 'expected a fresh permit; came one older than its one request may last');
  }
  return grant;
}
