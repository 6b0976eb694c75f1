import { describe, expect, it } from 'vitest';
import { readOptions, type Options } from './options.ts';

const read = (args: string[], environment: Record<string, string> = {}): Options =>
  readOptions(args, environment, '/srv/shop');

describe('options of ./start', () => {
  it('have defaults that open a first run', () => {
    const options = read([]);
    expect(options).toMatchObject({ port: 8080, tlsPort: 8443, production: false, host: undefined, trustProxy: [] });
    expect(options.policy).toMatch(/policies\/made-in-china\/policy\.md$/);
    expect(options.data).toMatch(/\/data$/);
  });

  it('take paths from the folder where the command was given', () => {
    expect(read(['--policy', 'p.md', '--data=../d'])).toMatchObject({ policy: '/srv/shop/p.md', data: '/srv/d' });
  });

  it('put HTTPS beside the port that was given', () => {
    expect(read(['--port', '9000'])).toMatchObject({ port: 9000, tlsPort: 9001 });
    expect(read(['--port', '0'])).toMatchObject({ port: 0, tlsPort: 0 });
    expect(read(['--port', '65535']).tlsPort).toBe(65_534);
  });

  it.each([
    [['--port', 'x'], /from 0 to 65535 for --port; came "x"/],
    [['--port', '70000'], /70000/],
    [['--port'], /--port/],
    [['--port', '-1'], /--port/],
    [['--port', '80', '--tls-port', '80'], /both 80/],
    [['--colour'], /--colour/],
    [['extra'], /"extra"/],
    [['--data', ''], /--data; it is empty/],
    [['--production'], /--tls-cert and --tls-key, or --trust-proxy/],
    [['--production', '--tls-cert', 'a'], /only --tls-cert/],
    [['--tls-cert', 'a', '--tls-key', 'b'], /--production/],
    [['--production', '--trust-proxy', 'everyone'], /"everyone"/],
    [['--production', '--trust-proxy', '10.0.0.0/99'], /10\.0\.0\.0\/99/],
    [['--host', '0.0.0.0'], /loopback/],
  ])('refuse %j in words', (args, message) => {
    let error: unknown;
    try {
      read(args);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  it('never show what may hold a password', () => {
    expect(() => read([], { DATABASE_URL: 'mysql://me:secret@db' })).toThrow(/^(?!.*secret).*DATABASE_URL/);
    expect(read([], { DATABASE_URL: 'postgres://me@db/x' }).databaseUrl).toBe('postgres://me@db/x');
  });
});
