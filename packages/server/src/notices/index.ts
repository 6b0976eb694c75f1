/** The door of notices: the policy in force, its versions, and how its clauses are kept. */
export { noticeRoutes } from './routes.ts';
export { policyOf, publish, readPolicy, versionsOf, type LoadedPolicy } from './publish.ts';
export { readResults, stateOf, type ClauseResults, type ClauseState } from './kept.ts';
