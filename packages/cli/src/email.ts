import { badUsage } from './args.ts';

/**
 * The address of `--email`, if it has the shape of one (RFC 5321, section 4.5.3: at most 254 octets).
 * @throws TrothError `bad-usage`, which never repeats it
 */
export function emailOf(command: string, given: string | boolean | undefined): string {
  if (typeof given !== 'string') throw badUsage(command, 'expected --email ADDRESS; it is missing');
  const email = given.trim();
  if (
    /^[^\s@<>()[\]\\,;:"]{1,64}@[\p{L}\p{N}\p{M}-]+(\.[\p{L}\p{N}\p{M}-]+)*\.[\p{L}\p{N}\p{M}-]{2,}$/u.test(email) &&
    !/\p{Cc}/u.test(email) &&
    Buffer.byteLength(email) <= 254
  )
    return email;
  throw badUsage(command, 'expected an e-mail address such as name@example.com for --email; came another text');
}
