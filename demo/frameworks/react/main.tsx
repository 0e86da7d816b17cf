import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { NanoWebcaster } from 'nano-webcaster';
import type {} from 'nano-webcaster/react';
import 'nano-webcaster';

function Studio() {
  const webcaster = useRef<NanoWebcaster>(null);
  const [status, setStatus] = useState('off');
  const [muted, setMuted] = useState(false);
  const [videoMuted, setVideoMuted] = useState(false);
  return (
    <main>
      <h1>React</h1>
      <nano-webcaster
        ref={webcaster}
        server="/whip/react"
        reconnectMaxRetries={20}
        muted={muted}
        videoMuted={videoMuted}
        onbroadcast-status={({ detail }) => setStatus(detail.data.message)}
      >
        <span slot="idle">Ready when you are.</span>
      </nano-webcaster>
      <button type="button" onClick={() => webcaster.current?.start()}>
        Go live
      </button>
      <label>
        <input type="checkbox" checked={muted} onChange={({ target }) => setMuted(target.checked)} /> Mute
      </label>
      <label>
        <input type="checkbox" checked={videoMuted} onChange={({ target }) => setVideoMuted(target.checked)} /> No
        picture
      </label>
      <output>{status}</output>
    </main>
  );
}

const place = document.getElementById('studio');
if (place) createRoot(place).render(<Studio />);
