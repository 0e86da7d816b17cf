/** Characters that are shown at most. A known secret is removed before, since a part of it would not be found. */
const MAX_READ = 2_000;
/** Secrets that are shorter would match ordinary words. */
const MIN_SECRET = 4;

/**
 * A text from a server as it may be shown and logged, on one line. URLs, user names before an `@`, queries and tokens are
 * removed, and the given secrets in plain, percent-encoded or JSON form. A server may quote a stream key or a token in an error.
 */
export function redact(text: string, secrets: readonly (string | null | undefined)[] = []): string {
  return withoutSecrets(text, secrets)
    .slice(0, MAX_READ)
    .replace(/\b[a-z][a-z\d+.-]{0,20}(:|%3a)(\/|%2f){2}[^\s"'<>]*/gi, '…')
    .replace(/\beyJ[\w-]{5,}(\.[\w-]+){1,4}/g, '…')
    .replace(/\b(bearer|basic) +[\w.~+/=-]{4,}/gi, '$1 …')
    .replace(/[^\s"'/]+/g, withoutUser)
    .replace(/\?\S+/g, '?…')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A text without the given secrets, in plain or percent-encoded form. */
export function withoutSecrets(text: string, secrets: readonly (string | null | undefined)[]): string {
  const known = secrets.flatMap((secret) => (secret && secret.length >= MIN_SECRET ? formsOf(secret) : []));
  // The longest first: one may be part of another.
  return known.sort((a, b) => b.length - a.length).reduce((shown, form) => shown.replaceAll(form, '…'), text);
}

/** A word without the user and password before its last `@`, which may be percent-encoded; each character is read once. */
function withoutUser(word: string): string {
  const lower = word.toLowerCase();
  const at = Math.max(lower.lastIndexOf('@'), lower.lastIndexOf('%40'));
  const colons = [lower.indexOf(':'), lower.indexOf('%3a')].filter((index) => index >= 0);
  return colons.some((colon) => colon < at) ? `…${word.slice(at)}` : word;
}

/**
 * The forms in which a text may quote a secret. A URL includes its password, its path, whose last part is the stream key of
 * RTMP, and the values of its query.
 */
function formsOf(secret: string): string[] {
  const [, password = '', path = ''] = /^[a-z][a-z\d+.-]*:\/\/(?:[^/:@]*:([^/]*)@)?[^/]*\/(.*)$/is.exec(secret) ?? [];
  const last = path.split('/').at(-1) ?? '';
  const [key = '', ...query] = last.split(/[?&]/);
  const values = query.map((pair) => pair.slice(pair.indexOf('=') + 1));
  const plain = [secret, path, last, key, password, ...values].filter(({ length }) => length >= MIN_SECRET);
  const encoded = plain.flatMap((form) => {
    try {
      const ofForm = new URLSearchParams([['', form]]).toString().slice(1);
      return [encodeURIComponent(form), encodeURI(form), ofForm, form.replaceAll('/', '\\/')];
    } catch {
      // Half of a surrogate pair has no encoding.
      return [];
    }
  });
  // As part of a host name it is in lower case.
  return [...new Set([...plain, ...encoded, ...encoded.map(lowerCaseEscapes), secret.toLowerCase()])];
}

function lowerCaseEscapes(text: string): string {
  return text.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase());
}
