import { TrothError } from '../platform/errors.ts';
import { formOf } from '@troth/policy';
import { claimEmail } from '../accounts/index.ts';
import { formatProblem, WrongFormat } from '../collect/index.ts';
import { setting, type House } from '../gate/index.ts';
import type { Frame } from '../platform/web/frame.ts';
import { heldAbout } from './held.ts';

/**
 * Corrects a member's own entries, at once. The caller has checked the password. Fields that did not change stay as they are.
 * @throws Refusal for a field that the policy does not let them correct, by name; WrongFormat
 * @returns the fields that changed
 */
export async function correct(
  house: House,
  frame: Frame,
  person: string,
  given: Map<string, string>,
): Promise<string[]> {
  const { document } = house.policy();
  if (given.size === 0) throw new TrothError('nothing-asked', 'expected at least one field to correct; came none');
  if (given.has('password')) {
    throw new TrothError('wrong-format', 'expected fields of the profile; the password is changed at /me/password');
  }
  const { permit } = await house.gate.ask({
    person,
    request: {
      action: 'correct',
      actor: { kind: 'person' },
      data: [...given.keys()],
      facts: { own: true, given: [...given.keys()] },
    },
  });
  const held = await heldAbout(house, person);
  const services = new Map(held.map((value) => [value.field, value.service]));
  const changed = new Map(
    [...given].filter(([field, value]) => held.some((old) => old.field === field && old.value !== value)),
  );
  const shortest = setting(house, 'password_minimum');
  const problems = [...changed].flatMap(([field, value]) => {
    const asked = formOf(document, services.get(field)!)?.fields.find(({ data }) => data === field);
    if (value === '') return [{ field, problem: frame.say('expected a value; came none', '不能为空') }];
    const isNone = asked?.acceptNone === true && /^(none|无|無)$/iu.test(value);
    const problem = asked === undefined || isNone ? undefined : formatProblem(asked, value, frame.say, shortest);
    return problem === undefined ? [] : [{ field, problem }];
  });
  if (problems.length > 0) throw new WrongFormat(problems);
  if (changed.size === 0) return [];
  await house.gate.change(permit, person, changed);
  const email = changed.get('email_address');
  if (email !== undefined) await claimEmail(house, person, email);
  return [...changed.keys()];
}
