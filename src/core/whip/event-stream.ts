/**
 * The data of the whole events in what has come of a server-sent event stream (HTML standard, section 9.2.6), and the rest,
 * which belongs in front of what comes next. Events of a type of their own are left out, as are comments.
 */
export function takeEvents(text: string): { events: string[]; rest: string } {
  // A carriage return at the end may be half of a line's end.
  const end = text.endsWith('\r') ? text.length - 1 : text.length;
  const blocks = text.slice(0, end).replace(/\r\n?/g, '\n').split('\n\n');
  const rest = (blocks.pop() ?? '') + text.slice(end);
  return { events: blocks.flatMap(dataOf), rest };
}

function dataOf(block: string): string[] {
  const lines = block.split('\n');
  const values = (field: string) =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  const type = values('event').at(-1) ?? '';
  const data = values('data');
  return data.length > 0 && (type === '' || type === 'message') ? [data.join('\n')] : [];
}
