import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { keyringSuite } from '../keyring.suite.ts';
import { openSqliteHome } from './home.ts';

const dir = mkdtempSync(join(tmpdir(), 'troth-sqlite-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

keyringSuite('an SQLite file', () => openSqliteHome(join(dir, 'keyring', 'keyring.sqlite')));
