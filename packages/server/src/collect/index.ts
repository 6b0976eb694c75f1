/** The door of collection: forms from the policy, and submissions judged by it. */
export { prepare, type Prepared } from './prepare.ts';
export { formPage, fieldPart, clauseLink, general, NO_COMPLAINTS, type Complaints } from './pages.ts';
export { caveats } from './caveats.ts';
export { askId } from './submission.ts';
export { complaintsOf } from './complain.ts';
export { formatProblem, lengthOf } from './formats.ts';
export { UnknownService, WrongFormat } from './errors.ts';
export { collectRoutes, type Receiver } from './routes.ts';
