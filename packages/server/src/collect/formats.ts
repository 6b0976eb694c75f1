import type { FormField } from '@troth/policy';
import type { Say } from '../platform/web/language.ts';

/**
 * What is wrong with a value's form, in the reader's words, or undefined. The value itself is never repeated.
 * An e-mail address is checked for its shape only (RFC 5321, section 4.5.3: 254 octets); that it is somebody's is proved by mail.
 * @param passwordMinimum characters
 */
export function formatProblem(field: FormField, value: string, say: Say, passwordMinimum: number): string | undefined {
  const length = lengthOf(value);
  const most = field.max ?? (field.input === 'textarea' ? 10_000 : 500);
  if (length > most)
    return say(`expected at most ${most} characters; came ${length}`, `最多 ${most} 个字符；收到 ${length} 个`);
  if (hasControls(value, field.input === 'textarea') || !value.isWellFormed()) {
    return say('expected text; came control characters', '应为文字；收到控制字符');
  }
  switch (field.input) {
    case 'email':
      return /^[^\s@<>()[\]\\,;:"]{1,64}@[\p{L}\p{N}\p{M}-]+(\.[\p{L}\p{N}\p{M}-]+)*\.[\p{L}\p{N}\p{M}-]{2,}$/u.test(
        value,
      ) && Buffer.byteLength(value) <= 254
        ? undefined
        : say('expected an e-mail address such as name@example.com', '应为电子邮件地址，例如 name@example.com');
    case 'password':
      return length >= passwordMinimum
        ? undefined
        : say(`expected at least ${passwordMinimum} characters`, `至少 ${passwordMinimum} 个字符`);
    case 'number':
      return /^[0-9][0-9 .,]*$/.test(value) ? undefined : say('expected a number', '应为数字');
    case 'url':
      return /^(https?:\/\/)?[^\s/@]+\.[^\s@]+$/iu.test(value) ? undefined : say('expected a web address', '应为网址');
    case 'tel':
      return /^[+0-9][0-9 ()./-]{2,}$/.test(value)
        ? undefined
        : say('expected a phone number, digits first', '应为电话号码');
    default:
      return undefined;
  }
}

/** Control characters and those that turn the direction of text around (Unicode Cc and the bidirectional controls). */
function hasControls(value: string, lines: boolean): boolean {
  const text = lines ? value.replaceAll('\n', '') : value;
  return /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);
}

/** Characters as Unicode code points, the way people's names are counted fairly. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
