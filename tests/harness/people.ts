import { Client } from './client.ts';
import { eventually, troth, type Server } from './server.ts';

export const PASSWORD = 'correct horse battery 9';

let count = 0;

/** A complete registration, with values that no other test has, so that a byte search finds only theirs. */
export function registration(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  const mark = `${process.pid}x${count}`;
  return {
    name: `Zoë Marker${mark}`,
    email_address: `zoe.marker${mark}@example.org`,
    password: PASSWORD,
    company_name: `Marker Tools ${mark} Ltd`,
    company_location: `Qingdao, Shandong, China ${mark}`,
    company_phone: `+86 532 8893 ${String(1000 + count)}`,
    company_fax: 'none',
    company_web_address: `https://marker${mark}.example.com`,
    company_description: `We make marker tools number ${mark}`,
    company_type: 'Manufacturer',
    company_turnover: '1 to 2 million',
    company_employee_count: '42',
    acknowledged: true,
    ...overrides,
  };
}

/** A member whose address is proved, signed in. */
export interface Member {
  client: Client;
  values: Record<string, string>;
  email: string;
  id: string;
}

/** Registers a member through the API, proves the address by the mail in the outbox, and signs in. */
export async function newMember(server: Server, overrides: Record<string, unknown> = {}): Promise<Member> {
  const client = new Client(server.url);
  const values = registration(overrides) as Record<string, string>;
  const sent = await client.api('POST', '/api/services/registration', values);
  if (sent.status !== 201) throw new Error(`registration failed: ${sent.status} ${sent.text}`);
  const email = values['email_address']!;
  await client.form('/prove', {
    token: await linkToken(server, email, '/prove'),
    password: values['password'] ?? PASSWORD,
  });
  const signedIn = await client.api('POST', '/api/session', { id: email, password: values['password'] });
  if (signedIn.status !== 200) throw new Error(`sign-in failed: ${signedIn.status} ${signedIn.text}`);
  const me = await client.get('/api/me');
  return { client, values, email, id: me.json.person as string };
}

export interface OutboxMail {
  to: string;
  subject: string;
  text: string;
}

/** The mails to an address, newest first. */
export async function mailsTo(server: Server, email: string): Promise<OutboxMail[]> {
  const { json } = await new Client(server.url).get('/api/outbox');
  return (json as OutboxMail[]).filter((mail) => mail.to === email);
}

/** The one-time token of the newest link of a page in a mail to an address; waits for the mail. */
export async function linkToken(server: Server, email: string, path: string): Promise<string> {
  return eventually(async () => {
    for (const mail of await mailsTo(server, email)) {
      const found = new RegExp(`${path}\\?token=([\\w-]+)`).exec(mail.text)?.[1];
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** An operator, added on the command line and signed in. */
export async function newOperator(server: Server): Promise<Client> {
  count += 1;
  const email = `officer${process.pid}x${count}@example.org`;
  const added = troth(
    ['people', 'add-operator', '--email', email, '--password-stdin', '--data', server.data],
    `${PASSWORD}\n`,
  );
  if (added.status !== 0) throw new Error(`add-operator failed: ${added.stderr}`);
  const client = new Client(server.url);
  const signedIn = await client.api('POST', '/api/staff/session', { id: email, password: PASSWORD });
  if (signedIn.status !== 200) throw new Error(`operator sign-in failed: ${signedIn.status} ${signedIn.text}`);
  return client;
}
