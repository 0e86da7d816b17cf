import { useState, useSyncExternalStore } from 'react';
import type {} from 'nano-webcaster/react';

const never = () => () => undefined;

/** False on the server and while React hydrates its markup, then true. */
const useIsHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

export function Studio() {
  const isHydrated = useIsHydrated();
  const [seen, setSeen] = useState<string[]>([]);
  return (
    <main>
      <nano-webcaster
        key={String(isHydrated)}
        server="/whip/react"
        autostart={isHydrated}
        reconnectMaxRetries={20}
        tokenProvider={() => Promise.resolve('only-by-property')}
        onbroadcast-status={({ detail }) => setSeen((before) => [...before, detail.data.message])}
      >
        <span slot="idle">Ready when you are.</span>
      </nano-webcaster>
      <output>{seen.join(' ')}</output>
    </main>
  );
}
