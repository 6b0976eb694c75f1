import { createTransport } from 'nodemailer';
import { newId } from './ids.ts';
import { errorCode, TrothError } from './errors.ts';

/** A mail to one person, in plain text; there is nothing to load in it. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** A mail in the development outbox. */
export interface OutboxMail extends Mail {
  id: string;
  at: Date;
}

/** What a developer can read in the browser instead of getting mail. In memory only: gone with the process. */
export interface Outbox {
  /** The latest 200, newest first. */
  list(): readonly OutboxMail[];
  get(id: string): OutboxMail | undefined;
}

export interface Mailer {
  /** @throws TrothError `mail-failed`, which says why by a code and never to whom */
  send(mail: Mail): Promise<void>;
  /** Present in development without SMTP_URL only. */
  outbox: Outbox | undefined;
  close(): void;
}

export interface MailerOptions {
  smtpUrl: string | undefined;
  /** The sender: the controller's address of the policy. */
  from: string;
  production: boolean;
}

const KEPT = 200;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Opens the way for mail: SMTP by SMTP_URL, or in development an outbox in memory.
 * @throws TrothError `no-mail` in production without SMTP_URL, `bad-smtp-url`
 */
export function createMailer({ smtpUrl, from, production }: MailerOptions): Mailer {
  if (smtpUrl !== undefined && smtpUrl !== '') return smtp(smtpUrl, from, production);
  if (!production) return toOutbox();
  throw new TrothError('no-mail', 'expected SMTP_URL with --production; it is not set', {
    hint: 'members prove their address by mail: set SMTP_URL=smtp://user:password@host:587',
  });
}

function smtp(url: string, from: string, production: boolean): Mailer {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['smtp:', 'smtps:'].includes(parsed.protocol) || parsed.hostname === '') {
    // Not shown: it may hold a password.
    throw new TrothError('bad-smtp-url', 'expected SMTP_URL like smtp://user:password@host:587; it is none', {
      hint: 'smtps:// for TLS from the first byte',
    });
  }
  const transport = createTransport({
    url,
    // In production the way to the mail server is encrypted too, unless that server is this machine.
    requireTLS: production && !LOOPBACK.has(parsed.hostname),
    tls: { minVersion: 'TLSv1.2' },
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  return {
    outbox: undefined,
    close: () => transport.close(),
    async send({ to, subject, text }) {
      try {
        // As an object, so that an address is never read as a list of them.
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
      } catch (error) {
        // Without `cause`: what the server answered quotes the address.
        throw new TrothError(
          'mail-failed',
          `expected the mail server to take a mail; it did not (${errorCode(error)})`,
          { hint: 'is SMTP_URL right?' },
        );
      }
    },
  };
}

function toOutbox(): Mailer {
  const kept: OutboxMail[] = [];
  return {
    outbox: { list: () => kept, get: (id) => kept.find((mail) => mail.id === id) },
    close: () => {},
    async send(mail) {
      kept.unshift({ ...mail, id: newId(), at: new Date() });
      kept.length = Math.min(kept.length, KEPT);
    },
  };
}
