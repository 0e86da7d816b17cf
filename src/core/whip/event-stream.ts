/**
 * Reads a server-sent event stream (HTML standard, section 9.2.6) piece by piece; each character is read once. Events of a
 * type of their own are left out, as are comments.
 */
export class EventStreamReader {
  #line: string[] = [];
  #data: string[] = [];
  #type = '';
  #endsWithReturn = false;
  /** Characters of the event that has not ended yet. */
  size = 0;

  /** The data of the events that end within `text`. */
  read(text: string): string[] {
    // A line feed after a carriage return belongs to it, though it may come in the next piece.
    const rest = this.#endsWithReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#endsWithReturn = text.endsWith('\r');
    const [first = '', ...others] = rest.split(/\r\n|\r|\n/);
    this.#line.push(first);
    this.size += first.length;
    return others.flatMap((next) => {
      const events = this.#takeLine(this.#line.join(''));
      this.#line = [next];
      this.size += next.length;
      return events;
    });
  }

  #takeLine(line: string): string[] {
    if (line !== '') {
      const [, field = '', value = ''] = /^(event|data): ?(.*)$/s.exec(line) ?? [];
      if (field === 'data') this.#data.push(value);
      if (field === 'event') this.#type = value;
      return [];
    }
    const isMeant = this.#data.length > 0 && (this.#type === '' || this.#type === 'message');
    const event = isMeant ? [this.#data.join('\n')] : [];
    this.#data = [];
    this.#type = '';
    this.size = 0;
    return event;
  }
}
