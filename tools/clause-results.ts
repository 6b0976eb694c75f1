import type { Reporter } from 'vitest/node';
export default class ClauseResults implements Reporter {}
