import { join } from 'node:path';
import pg from 'pg';

/** Works on a house's embedded database by hand, past every guard, as somebody may who holds the machine. */
export async function byHand<Result>(data: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ host: join(data, 'records', 'run'), user: 'postgres', database: 'troth' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
