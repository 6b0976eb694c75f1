import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './app.ts';
import { setting } from './gate/index.ts';
import { openHouse } from './house.ts';
import { readPolicy, readResults } from './notices/index.ts';
import { errorCode, errorLines, TrothError } from './platform/errors.ts';
import { acquireLock } from './platform/lock.ts';
import { prepareDirectories } from './platform/directories.ts';
import { listen } from './platform/listen.ts';
import { log } from './platform/log.ts';
import { createMailer } from './platform/mail.ts';
import { HELP, readOptions } from './platform/options.ts';
import { developmentCertificate, readCertificate } from './platform/tls.ts';
import { keepHouse } from './upkeep.ts';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
const RESULTS = join(CHECKOUT, 'results', 'clauses.json');

/** Starts a house and serves until it is told to stop. */
async function main(): Promise<void> {
  // Libraries obey these; no figure leaves this house unasked.
  for (const name of Object.keys(process.env)) if (name.startsWith('BETTER_AUTH_TELEMETRY')) delete process.env[name];
  const options = readOptions(process.argv.slice(2), process.env, process.cwd());
  if (options.help) return void process.stdout.write(HELP);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const directories = prepareDirectories(options.data);
  const lock = acquireLock(directories.root);
  const stops: (() => unknown)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  const told = new Promise<void>((resolve) => {
    // Kept for good: a second signal while everything is being put away must not cut that short.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  try {
    const { controller } = (await readPolicy(options.policy)).document;
    const mailer = createMailer({
      smtpUrl: options.smtpUrl,
      from: controller.email ?? 'privacy@localhost',
      production: options.production,
    });
    stops.push(() => mailer.close());
    const house = await openHouse({
      ...options,
      rootKey: process.env['TROTH_ROOT_KEY'],
      mode: 'serve',
      log,
      progress: say,
    });
    stops.push(() => house.close());
    const certificate = !options.production
      ? await developmentCertificate(directories.secrets, house.clock.now())
      : options.tlsCert !== undefined && options.tlsKey !== undefined
        ? readCertificate(options.tlsCert, options.tlsKey)
        : undefined;
    const commit = headCommit();
    const app = buildApp(house, { mailer, log, results: () => readResults(RESULTS, commit) });
    const { settings } = house.policy().document;
    const listening = await listen((request, env) => app.fetch(request, env), {
      ...options,
      certificate,
      tlsMinimum: String(settings['tls_minimum']?.value) === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
      hstsDays: setting(house, 'hsts_days'),
      log,
    });
    stops.push(() => listening.close());
    house.setOrigin(process.env['TROTH_ORIGIN'] ?? listening.urls[0]!);
    const upkeep = keepHouse(house, mailer, log);
    stops.push(() => upkeep.stop());
    lock.tell({ pid: process.pid, urls: listening.urls });
    if (house.database.place !== undefined && !house.database.place.startsWith(directories.root))
      say(`records are in ${house.database.place}`);
    if (options.production && process.env['TROTH_ORIGIN'] === undefined)
      say(
        `links in mails will begin with ${house.origin()}; set TROTH_ORIGIN to the address under which people reach this house`,
      );
    if (house.replayed > 0)
      say(`erased ${house.replayed} people again whom an older state of the records had brought back`);
    process.stdout.write(
      `Troth keeps ${house.policy().document.controller.name} version ${house.policy().document.version} at ${listening.urls.join(' and ')}\n`,
    );
    await Promise.race([told, house.database.ended.then(databaseEnded)]);
    say('stopping');
  } finally {
    await stop();
  }
}

/** The commit that runs; `none` where git does not say, so that no results of tests are believed. */
function headCommit(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: CHECKOUT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'none';
}

function databaseEnded(): never {
  throw new TrothError('database-ended', 'expected the database to go on; it ended', {
    hint: 'start again; it recovers by itself',
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
    if (process.env['TROTH_DEBUG'] !== undefined) console.error(error);
    process.exit(errorCode(error) === 'bad-option' ? 2 : 1);
  },
);
