import type { EventName, RtcUserEvent, RtcUserHandler } from './events.js';

/** An event, or a pattern for the names of several: one that fits everything stands for every event. */
export type EventKey = EventName | RegExp;

interface Listener {
  key: EventKey;
  handler: RtcUserHandler;
  isOnce: boolean;
}

/**
 * Handlers by event name. Events are delivered in order but never inside the call that emits them: v5 pages add their
 * handlers after the call. A handler that throws is reported and harms nobody else.
 */
export class EventEmitter {
  #listeners: Listener[] = [];
  readonly #reportError: (error: unknown) => void;

  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError;
  }

  /** Calls `handler` with every event of that name, or of the names that a pattern fits: once, however often it was added. */
  on<Name extends EventName = EventName>(key: Name | RegExp, handler: RtcUserHandler<Name>): this {
    return this.#add(key, handler as RtcUserHandler, false);
  }

  /** As `on`, for one event only. */
  once<Name extends EventName = EventName>(key: Name | RegExp, handler: RtcUserHandler<Name>): this {
    return this.#add(key, handler as RtcUserHandler, true);
  }

  /** Takes a handler away; `key` is what `on` was given. */
  off<Name extends EventName = EventName>(key: Name | RegExp, handler: RtcUserHandler<Name>): this {
    return this.#keep((one) => String(one.key) !== String(key) || one.handler !== handler);
  }

  /** v5's other name of `on`. */
  addListener<Name extends EventName = EventName>(key: Name | RegExp, handler: RtcUserHandler<Name>): this {
    return this.on(key, handler);
  }

  /** v5's other name of `off`. */
  removeListener<Name extends EventName = EventName>(key: Name | RegExp, handler: RtcUserHandler<Name>): this {
    return this.off(key, handler);
  }

  /** Takes away all handlers of an event, or all there are. */
  removeAllListeners(key?: EventKey): this {
    return this.#keep((one) => key !== undefined && String(one.key) !== String(key));
  }

  protected emit(event: RtcUserEvent): void {
    const told = { ...event, target: this };
    queueMicrotask(() => {
      for (const listener of this.#listeners.filter(({ key }) => isMeant(key, event.name))) {
        if (listener.isOnce) this.#keep((one) => one !== listener);
        try {
          listener.handler(told);
        } catch (error) {
          this.#reportError(error);
        }
      }
    });
  }

  #add(key: EventKey, handler: RtcUserHandler, isOnce: boolean): this {
    this.off(key, handler as never);
    this.#listeners.push({ key, handler, isOnce });
    return this;
  }

  #keep(isKept: (listener: Listener) => boolean): this {
    this.#listeners = this.#listeners.filter(isKept);
    return this;
  }
}

function isMeant(key: EventKey, name: EventName): boolean {
  // Unlike `test`, `search` starts over each time.
  return key instanceof RegExp ? name.search(key) >= 0 : key === name;
}
