/** What went wrong with a request, as RFC 9457 problem details: thrown anywhere, answered in one place. */
export class Problem extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status code of the answer.
   * @param detail A sentence for the person who reads the browser's network panel.
   * @param headers Header fields the status calls for, such as `Retry-After` or `Allow`.
   */
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.headers = headers;
  }
}
