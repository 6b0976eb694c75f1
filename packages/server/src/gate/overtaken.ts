import { TrothError } from '../platform/errors.ts';
import type { GateContext } from './context.ts';
import { askGate } from './decide.ts';
import type { Grant } from './permit.ts';

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
