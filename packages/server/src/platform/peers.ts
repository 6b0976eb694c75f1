import { BlockList, isIP } from 'node:net';

/**
 * Reads addresses (`10.0.0.5`, `::1`) and networks (`10.0.0.0/8`).
 * @returns a test of whether the address of a connection is one of them
 * @throws RangeError on what is neither
 */
export function parsePeers(list: readonly string[]): (address: string | undefined) => boolean {
  const known = new BlockList();
  for (const entry of list) {
    const [address = '', prefix] = entry.split('/');
    const family = familyOf(address);
    if (family === undefined || (prefix !== undefined && !/^\d{1,3}$/.test(prefix)))
      throw new RangeError('neither an address nor a network');
    if (prefix === undefined) known.addAddress(address, family);
    else known.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    // An IPv4 peer on a socket for both families comes as ::ffff:10.0.0.5.
    const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
    const family = familyOf(plain);
    return family !== undefined && known.check(plain, family);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const family = isIP(address);
  return family === 0 ? undefined : family === 4 ? 'ipv4' : 'ipv6';
}
