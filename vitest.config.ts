import { defineConfig } from 'vitest/config';

// Where ./test wants a report that it can count.
const report = process.env['TROTH_TEST_REPORT'];

// Two workers: a test may start a database, a server and a browser, and shall run on a machine with two cores.
export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'policies/**/*.test.ts',
      'tests/**/*.test.ts',
      'conformance/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    globalSetup: ['packages/server/src/platform/testing/global-setup.ts'],
    reporters: [
      'default',
      './tools/clause-results.ts',
      ...(report ? [['json', { outputFile: report }] as ['json', object]] : []),
    ],
  },
});
