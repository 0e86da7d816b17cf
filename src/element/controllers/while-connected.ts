import { isServer, type ReactiveControllerHost } from 'lit';

/** Calls `connect` whenever a host is put into a page. The signal is aborted when the host is taken out; servers have no page. */
export function whileConnected(host: ReactiveControllerHost, connect: (signal: AbortSignal) => void): void {
  let connected: AbortController | undefined;
  host.addController({
    hostConnected() {
      if (isServer) return;
      connected = new AbortController();
      connect(connected.signal);
    },
    hostDisconnected() {
      connected?.abort();
    },
  });
}
