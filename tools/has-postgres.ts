// Ends with 0 when this machine has the programs of that PostgreSQL, else with 1; for ./test.
import { systemEngine } from '../packages/server/src/platform/testing/engines.ts';

process.exit(systemEngine(Number(process.argv[2])) === undefined ? 1 : 0);
