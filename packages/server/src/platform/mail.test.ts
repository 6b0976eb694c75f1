import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createMailer } from './mail.ts';

const LETTER = { to: 'wang@example.com', subject: 'Your address', text: 'Follow this link.' };

it('keeps mail in memory in development, the latest two hundred', async () => {
  const mailer = createMailer({ smtpUrl: undefined, from: 'house@example.com', production: false });
  for (let i = 0; i < 205; i++) await mailer.send({ ...LETTER, subject: `mail ${i}` });
  const list = mailer.outbox!.list();
  expect(list).toHaveLength(200);
  expect(list[0]).toMatchObject({ subject: 'mail 204' });
  expect(mailer.outbox!.get(list[3]!.id)).toBe(list[3]);
});

it('refuses to serve in production without a way for mail', () => {
  expect(() => createMailer({ smtpUrl: '', from: 'a@b.c', production: true })).toThrow(
    expect.objectContaining({ code: 'no-mail' }),
  );
  expect(() => createMailer({ smtpUrl: 'http://u:secret@h', from: 'a@b.c', production: true })).toThrow(
    /^(?!.*secret)/,
  );
});

it('speaks SMTP, and tells of a refusal without the address', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 here\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        heard.push(line);
        if (inData) {
          if (line === '.') [inData] = [false, socket.write('250 taken\r\n')];
        } else if (line.startsWith('RCPT') && line.includes('nobody'))
          socket.write('550 nobody@example.com is unknown\r\n');
        else if (line === 'DATA') [inData] = [true, socket.write('354 go\r\n')];
        else socket.write(line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    from: 'house@example.com',
    production: true,
  });
  await mailer.send(LETTER);
  expect(heard).toContain('RCPT TO:<wang@example.com>');
  expect(heard).toContain('Subject: Your address');
  const refused: Error = await mailer.send({ ...LETTER, to: 'nobody@example.com' }).then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
  expect(refused).toMatchObject({ code: 'mail-failed' });
  expect(refused.message).not.toContain('nobody');
  expect(refused.cause).toBeUndefined();
  mailer.close();
  server.close();
});
