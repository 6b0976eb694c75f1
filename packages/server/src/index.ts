/** The door of the server for the command line: houses and their records, and what can be done to them from outside. */
export { addOperator, INDEX } from './accounts/index.ts';
export { withHouse, withSite, type Site, type Where } from './attach.ts';
export { comeBack, type Comeback } from './comeback.ts';
export { REFERENCE_INDEX } from './desks/index.ts';
export { openKeyringOf, type OpenHouse } from './house.ts';
export { parseVkey, readSealer, readVkey, verifyLedger, verifyMirror, type Finding } from './ledger/index.ts';
export { readResults, stateOf, type ClauseResults, type ClauseState } from './notices/index.ts';
export { backup, checkBackup } from './retain/index.ts';
export { setting } from './gate/index.ts';
