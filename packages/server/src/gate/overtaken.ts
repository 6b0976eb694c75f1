import { TrothError } from '../platform/errors.ts';
import type { GateContext } from './context.ts';
import { askGate } from './decide.ts';
import type { Grant } from './permit.ts';

/** Thrown inside an effect's transaction that comes too late, so that it is rolled back. */
export class TooLate extends Error {}

/**
 * Runs an effect, and where it comes too late, says why once its transaction is over: whoever waits for a second connection while
 * holding one lets everybody wait.
 * @throws TrothError as `overtaken`
 */
export async function inTime<Result>(
  context: GateContext,
  grant: Grant,
  effect: () => Promise<Result>,
): Promise<Result> {
  try {
    return await effect();
  } catch (error) {
    if (error instanceof TooLate) return overtaken(context, grant);
    throw error;
  }
}

/**
 * Says why an effect came too late: between its decision and its effect the person answered otherwise, was erased, or the row moved
 * on. The policy is asked once more, so that a withdrawal is told as what it is, with its clause.
 * @throws Refusal, TrothError `person-gone`; `overtaken` where it would be permitted now: then ask again
 */
export async function overtaken(context: GateContext, grant: Grant): Promise<never> {
  const { request, person } = grant;
  await askGate(context, person === undefined ? { request } : { request, person });
  throw new TrothError(
    'overtaken',
    'expected nothing to change between decision and effect; something did, and nothing was done',
    {
      hint: 'try again',
    },
  );
}
