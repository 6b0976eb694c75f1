import { decodeEntry, type EntryFields } from '../../packages/server/src/ledger/index.ts';

/** The entries of a house's public ledger, as anybody reads them, in their order. For fewer than 256. */
export async function publicEntries(url: string): Promise<EntryFields[]> {
  const checkpoint = await (await fetch(`${url}/ledger/checkpoint`, { headers: { connection: 'close' } })).text();
  const size = Number(checkpoint.split('\n')[1]);
  const answer = await fetch(`${url}/ledger/tile/entries/000.p/${size}`, { headers: { connection: 'close' } });
  // The ledger grew in between, and an older partial bundle may be gone by now.
  if (answer.status === 404) return publicEntries(url);
  const bundle = Buffer.from(await answer.arrayBuffer());
  const entries: EntryFields[] = [];
  // A bundle is a row of entries, each behind its length in two bytes (C2SP tlog-tiles).
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    entries.push(decodeEntry(bundle.subarray(at + 2, end)));
    at = end;
  }
  return entries;
}
