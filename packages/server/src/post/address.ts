import { rulesOf } from '@troth/policy';
import type { House } from '../gate/house.ts';

/**
 * The e-mail address of a person, for one of the site's own functions, through the gate: the policy must list the function, and the
 * look is in the ledger.
 * @returns undefined where the person has none
 * @throws Refusal where the policy does not let the function have it
 */
export async function clearEmail(house: House, person: string, functionName: string): Promise<string | undefined> {
  const held = await readFor(house, person, functionName, ['email_address']);
  return held.find((value) => value.field === 'email_address')?.value;
}

/** Reads fields for a declared function, for the first purpose that the policy gives that function. */
async function readFor(house: House, person: string, functionName: string, data: string[]) {
  const rule = rulesOf(house.policy().document, 'use').find(({ body }) => body.functions.includes(functionName));
  const purpose = rule?.body.for[0];
  const { permit } = await house.gate.ask({
    person,
    request: {
      action: 'use',
      actor: { kind: 'function', function: functionName },
      data,
      ...(purpose !== undefined && { purpose }),
    },
  });
  return house.gate.use(permit, 'use', person);
}
