/** The door of consent: what a person may choose, and what they chose. */
export { choose, readChoices } from './choose.ts';
export { answersGiven } from './history.ts';
export { partsOf, questionId } from './question.ts';
export type { Choice } from './choices.ts';
