/** Puts numbers into words of a language, with Latin digits in all of them, as streaming tools have them. */
export class Numbers {
  readonly #language: string;

  /** @param language under which a page added its text, not always one that `Intl` takes: `pt_BR` */
  constructor(language: string) {
    try {
      Intl.getCanonicalLocales(language);
    } catch {
      language = 'en';
    }
    this.#language = language;
  }

  plain(value: number, digits = 0): string {
    return this.#format(value, { maximumFractionDigits: digits });
  }

  percent(value: number): string {
    return this.#format(value / 100, { style: 'percent', maximumFractionDigits: 1 });
  }

  milliseconds(value: number): string {
    return this.#format(value, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
  }

  /** @param value in kbps */
  bitrate(value: number): string {
    return this.#format(value, { style: 'unit', unit: 'kilobit-per-second', maximumFractionDigits: 0 });
  }

  #format(value: number, options: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(this.#language, { numberingSystem: 'latn', ...options }).format(value);
  }
}

/** Keeps width and height in their order where the text around them is written from right to left. */
export function size(width: number, height: number): string {
  return `\u2066${width} × ${height}\u2069`;
}
