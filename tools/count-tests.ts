// Prints "passed failed skipped" of a report that vitest wrote as JSON; for ./test.
import { readFileSync } from 'node:fs';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

const report = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Report;
console.log(report.numPassedTests, report.numFailedTests, report.numPendingTests + report.numTodoTests);
