import { TrothError } from '../platform/errors.ts';

/** Writes a fixed layout: big-endian numbers, length-prefixed bytes. Grows as needed. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(512);
  private length = 0;

  /** Makes room first: the buffer may be another one afterwards. */
  private room(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, at);
      this.buffer = grown;
    }
    return at;
  }

  u8(value: number): this {
    const at = this.room(1);
    this.buffer.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.buffer.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.buffer.writeUInt32BE(value, at);
    return this;
  }

  /** Milliseconds since 1970 as a signed 64-bit number. */
  time(value: Date): this {
    const at = this.room(8);
    this.buffer.writeBigInt64BE(BigInt(value.getTime()), at);
    return this;
  }

  /** Bytes of a length that the layout fixes. */
  raw(value: Uint8Array): this {
    const at = this.room(value.length);
    this.buffer.set(value, at);
    return this;
  }

  /** Length (32 bits) and bytes. */
  bytes(value: Uint8Array): this {
    return this.u32(value.length).raw(value);
  }

  /** Length in bytes (32 bits) and UTF-8. */
  text(value: string): this {
    const size = Buffer.byteLength(value);
    this.u32(size);
    const at = this.room(size);
    this.buffer.write(value, at, size, 'utf8');
    return this;
  }

  /** 16 bytes of a UUID in its usual hexadecimal form. */
  uuid(value: string): this {
    const bytes = Buffer.from(value.replaceAll('-', ''), 'hex');
    if (bytes.length !== 16)
      throw new TrothError('ledger-bad-id', 'expected a UUID in hexadecimal; came something else');
    return this.raw(bytes);
  }

  /** The bytes written so far (a view: valid until the writer is used again). */
  done(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  clear(): this {
    this.length = 0;
    return this;
  }
}

/** Reads what `ByteWriter` wrote; running past the end is a `ledger-entry-unreadable`. */
export class ByteReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.buffer.length) throw unreadable(`expected ${bytes} more bytes at ${at}; came the end`);
    this.at += bytes;
    return at;
  }

  u8(): number {
    return this.buffer.readUInt8(this.take(1));
  }

  u16(): number {
    return this.buffer.readUInt16BE(this.take(2));
  }

  u32(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  time(): Date {
    return new Date(Number(this.buffer.readBigInt64BE(this.take(8))));
  }

  raw(length: number): Buffer {
    const at = this.take(length);
    return this.buffer.subarray(at, at + length);
  }

  /** Asserts that nothing is left over. */
  end(): void {
    const left = this.buffer.length - this.at;
    if (left !== 0) throw unreadable(`expected the end; came ${left} bytes more`);
  }
}

/** The error of bytes that are not an entry of a layout that we know. */
export function unreadable(what: string): TrothError {
  return new TrothError('ledger-entry-unreadable', `ledger entry: ${what}`, {
    hint: 'the bytes were altered, or a newer version of Troth wrote them',
  });
}
