/** The door of evidence: the public ledger, as files that anyone can fetch and verify. */
export { ledgerRoutes } from './routes.ts';
