/** The door of use: staff read what the policy lets them, for the purpose that they name. */
export { deskRoutes, readRequestOf } from './routes.ts';
export { readForOperator } from './read.ts';
