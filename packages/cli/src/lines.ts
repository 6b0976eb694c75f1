/** A line of input: its text, or why it has none. */
export type Line = { number: number; text: string } | { number: number; wrong: string };

/**
 * Cuts a stream of bytes into lines as they come, a group for each piece that comes, so that neither a million lines nor one without
 * end are ever in memory. Lines end at LF or CRLF; the last one may lack it.
 * @param most bytes that a line may have; what is longer is passed over up to its end
 */
export async function* lineGroups(input: AsyncIterable<Uint8Array>, most: number): AsyncIterable<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const take = (): Line => {
    number += 1;
    const wrong = size > most ? `expected a line of at most ${most} bytes; this one is longer` : undefined;
    const bytes = Buffer.concat(held);
    held = [];
    size = 0;
    if (wrong !== undefined) return { number, wrong };
    try {
      return { number, text: decoder.decode(bytes).replace(/\r$/, '') };
    } catch {
      return { number, wrong: 'expected UTF-8; came other bytes' };
    }
  };
  const hold = (part: Uint8Array): void => {
    size += part.length;
    if (size > most) held = [];
    else if (part.length > 0) held.push(part);
  };
  for await (const chunk of input) {
    const group: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      hold(chunk.subarray(from, end));
      group.push(take());
      from = end + 1;
    }
    hold(chunk.subarray(from));
    if (group.length > 0) yield group;
  }
  if (size > 0) yield [take()];
}
