import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A house started as its user starts it, on a data directory of its own. */
export interface Server {
  /** The address over plain HTTP on loopback; in production the one that leads to HTTPS. */
  url: string;
  /** The address over HTTPS. */
  https: string;
  data: string;
  pid: number;
  /** Everything that it wrote to standard output and standard error. */
  output(): string;
  /** Runs ./troth with this data directory. */
  troth(...args: string[]): { status: number | null; stdout: string; stderr: string };
  /** SIGTERM, and waits. Keeps the data directory. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** Stops and removes the data directory. */
  end(): Promise<void>;
}

export interface ServerOptions {
  policy?: string;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** An existing data directory, to start on again. */
  data?: string;
}

const READY = /^Troth keeps .* at (\S+)(?: and (\S+))?$/m;

/** Starts `./start` on free ports and waits for its line. @throws with everything it printed when it ends before */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'troth-journey-'));
  const args = [
    '--port',
    '0',
    '--tls-port',
    '0',
    '--data',
    data,
    ...(options.policy ? ['--policy', options.policy] : []),
    ...(options.args ?? []),
  ];
  const child = spawn(join(ROOT, 'start'), args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  // Its last words may still be in the pipe when it has ended.
  const silent = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await waitFor(() => READY.exec(output), child, 60_000);
  if (ready === null) {
    child.kill('SIGKILL');
    await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 2_000))]);
    if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    throw new Error(`the server did not start:\n${output}`);
  }
  const [first, second] = [ready[1]!, ready[2]];
  const [http, https] = first.startsWith('https') ? [second ?? '', first] : [first, second ?? ''];
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return {
    url: http,
    https,
    data,
    pid: child.pid!,
    output: () => output,
    troth: (...words) => troth([...words, '--data', data]),
    stop,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async end() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Runs ./troth as an operator would. */
export function troth(args: string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'troth'), args, {
    cwd: ROOT,
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

async function waitFor<T>(look: () => T | null, child: ChildProcess, most: number): Promise<T | null> {
  const until = Date.now() + most;
  while (Date.now() < until) {
    const found = look();
    if (found !== null) return found;
    if (child.exitCode !== null || child.signalCode !== null) return look();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return null;
}

/** Waits until something is so; for what the server does on its own (mails, the sequencer). */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, most = 10_000): Promise<T> {
  const until = Date.now() + most;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error('expected something to come about; it did not in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
