import { afterAll, beforeAll } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../platform/testing/database.ts';
import { keyringSuite } from '../keyring.suite.ts';
import { openPostgresHome } from './home.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await emptyDatabase()));
afterAll(() => database.drop());

keyringSuite('a PostgreSQL database', () => openPostgresHome(database.url));
