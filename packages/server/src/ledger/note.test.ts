import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, parseCheckpointText, signCheckpoint } from './checkpoint.ts';
import { checkKeyName, openNote, parseSigner, parseVkey, signNote, signerText, splitNote, vkeyOf } from './note.ts';

// The example that Go's golang.org/x/mod/sumdb/note publishes with both its keys. Ed25519 has one signature a text and key.
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SKEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

describe('a signed note', () => {
  it('is the published one, byte for byte', () => {
    expect(signNote(TEXT, parseSigner(SKEY))).toBe(NOTE);
    expect(openNote(NOTE, parseVkey(VKEY))).toBe(TEXT);
    expect(vkeyOf(parseSigner(SKEY))).toBe(VKEY);
    expect(vkeyOf(parseVkey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'))).toContain(
      '+530d903a+',
    );
  });

  it('passes over unknown signers, and is condemned by a wrong signature of the known one', () => {
    const other = parseSigner(signerText('example.com/other', randomBytes(32)));
    const foreign = signNote(TEXT, other);
    const line = foreign.slice(TEXT.length + 1);
    expect(openNote(NOTE + line, parseVkey(VKEY))).toBe(TEXT);
    expect(() => openNote(foreign, parseVkey(VKEY))).toThrow(expect.objectContaining({ code: 'ledger-bad-signature' }));
    expect(() => openNote(NOTE.replace('answer', 'Answer'), parseVkey(VKEY))).toThrow(
      expect.objectContaining({ code: 'ledger-bad-signature' }),
    );
  });

  it('may hold empty lines; the last one divides', () => {
    const signer = parseSigner(SKEY);
    const text = 'one\n\ntwo\n';
    expect(openNote(signNote(text, signer), signer)).toBe(text);
  });

  it.each([
    ['no division', TEXT],
    ['a control character', NOTE.replace('you', 'you\r')],
    ['no final newline', NOTE.slice(0, -1)],
    ['a broken signature line', NOTE.replace('— Peter', '- Peter')],
    ['base64 of another spelling', NOTE.replace('JnAM=', 'JnAN=')],
    ['too many signatures', NOTE + NOTE.slice(TEXT.length + 1).repeat(64)],
  ])('is not read with %s', (_, note) => {
    expect(() => splitNote(note)).toThrow(expect.objectContaining({ code: 'ledger-bad-note' }));
  });

  it.each(['', 'PeterNeumann', VKEY.replace('c74f20a3', 'c74f20a4'), VKEY.replace('+ARpc', '+Arpc'), `${VKEY}AAAA`])(
    'refuses the key %j',
    (vkey) => {
      expect(() => parseVkey(vkey)).toThrow(expect.objectContaining({ code: 'ledger-bad-vkey' }));
    },
  );

  it('refuses names that would break the format', () => {
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b'])
      expect(() => checkKeyName(name)).toThrow(expect.objectContaining({ code: 'ledger-bad-origin' }));
  });
});

describe('a checkpoint', () => {
  const signer = parseSigner(signerText('example.com/log', randomBytes(32)));

  it('reads the published example of its format', () => {
    const head = parseCheckpointText(
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    );
    expect(head).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  });

  it('comes back as it was signed', () => {
    const root = randomBytes(32);
    const checkpoint = signCheckpoint(7, root, signer);
    expect(checkpoint.note.startsWith(`example.com/log\n7\n${root.toString('base64')}\n\n— example.com/log `)).toBe(
      true,
    );
    expect(openCheckpoint(checkpoint.note, parseVkey(vkeyOf(signer)))).toEqual(checkpoint);
  });

  it('of another origin is refused, though the key signed it', () => {
    const note = signNote(`example.com/elsewhere\n0\n${randomBytes(32).toString('base64')}\n`, signer);
    expect(() => openCheckpoint(note, signer)).toThrow(expect.objectContaining({ code: 'ledger-bad-checkpoint' }));
  });

  const root = randomBytes(32).toString('base64');
  it.each([
    '',
    'o\n',
    `o\n01\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1\n${root.slice(4)}\n`,
    `o\n1\n${root}`,
    `o\n1\n${root}\n\n`,
    `\n1\n${root}\n`,
    `o\n1e3\n${root}\n`,
  ])('is not %j', (text) => {
    expect(() => parseCheckpointText(text)).toThrow(expect.objectContaining({ code: 'ledger-bad-checkpoint' }));
  });
});
