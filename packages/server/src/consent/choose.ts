import type { House } from '../gate/house.ts';
import { TrothError } from '../platform/errors.ts';
import { answersTo, choicesOf, type Choice } from './choices.ts';

/** The choices of a person and how they stand. */
export async function readChoices(house: House, person: string): Promise<Choice[]> {
  const standing = await house.gate.standing(person);
  return standing === undefined ? [] : choicesOf(house, standing);
}

/**
 * Records a choice. It holds from the moment that this returns: the next decision knows, and no permit given before it survives.
 * Saying again what is already so changes nothing.
 */
export async function choose(house: House, person: string, id: string, yes: boolean, language: string): Promise<void> {
  const choice = (await readChoices(house, person)).find((candidate) => candidate.id === id);
  if (choice === undefined) {
    throw new TrothError('unknown-choice', 'expected a choice that the policy gives; came another', {
      hint: 'see /me for the choices there are',
    });
  }
  if (choice.given !== yes) await house.gate.answer(person, answersTo(choice, yes, language));
}
