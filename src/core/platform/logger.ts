/** 0 nothing, 1 errors, 2 and warnings, 3 and one line for every change of status, 4 everything. */
export type LogLevel = 0 | 1 | 2 | 3 | 4;

/** Where log lines go; `console` is one. */
export type LogSink = Pick<Console, 'error' | 'warn' | 'info' | 'debug'>;

export const LEVEL_OF: Record<keyof LogSink, LogLevel> = { error: 1, warn: 2, info: 3, debug: 4 };

/** An error without its cause, which may be a page's own and quote anything. */
const toText = (part: unknown) => (part instanceof Error ? String(part) : part);

/** Writes to `sink` what the level of the moment lets through, behind the name of the product. A sink that throws harms nothing. */
export function createLogger(level: () => LogLevel, sink: LogSink): LogSink {
  const line =
    (method: keyof LogSink) =>
    (...parts: unknown[]) => {
      if (level() < LEVEL_OF[method]) return;
      try {
        const written: unknown = sink[method]('nano-webcaster:', ...parts.map(toText));
        if (written instanceof Promise) written.catch(() => undefined);
      } catch {
        // There is no other place to report it.
      }
    };
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}
