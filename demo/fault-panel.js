/**
 * Buttons that break a stream on purpose, to see how the webcaster comes back. The demo's server does what they ask for;
 * it is for development. Not part of the package.
 *
 * <fault-panel stream="demo"></fault-panel>
 */
const FAULTS = [
  ['cut', 'Cut media', 'No packet gets through for 8 s.'],
  ['kill', 'Kill the session', 'The server ends it.'],
  ['refuse-409', 'Refuse with 409', 'The server ends the session, and takes no new one for 8 s.'],
  ['refuse-503', 'Refuse with 503', 'The same, with Retry-After.'],
  ['stall', 'Stall HTTP', 'No request is answered for 8 s.'],
  ['drop-rtmp', 'Drop the RTMP output', 'Where the stream goes on by RTMP.'],
];

class FaultPanel extends HTMLElement {
  #told = Object.assign(document.createElement('p'), { role: 'status' });

  connectedCallback() {
    const buttons = Object.assign(document.createElement('div'), { className: 'buttons' });
    for (const [fault, label, title] of FAULTS) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label, title });
      button.addEventListener('click', () => this.#begin(fault, title));
      buttons.append(button);
    }
    this.replaceChildren(buttons, this.#told);
  }

  async #begin(fault, title) {
    const body = JSON.stringify({ stream: this.getAttribute('stream'), fault });
    try {
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch('/api/faults', { method: 'POST', headers, body });
      this.#told.textContent = response.ok ? title : (await response.json()).detail;
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }
}

customElements.define('fault-panel', FaultPanel);
