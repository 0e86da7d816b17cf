/** What a project of a user's may write with the package's modules. Compiled by `packed.test.ts`, never run. */
import { NanoWebcaster, type BroadcastStatusEvent } from 'nano-webcaster';
import 'nano-webcaster/define';
import 'nano-webcaster/languages/de.js';
import { NanoWebcaster as ClassAlone } from 'nano-webcaster/element';
import { RtcUser, RtcUserError, type ConfigPatch } from 'nano-webcaster/core';
import { waitBefore, type AttemptContext } from 'nano-webcaster/policy';

const element = document.createElement('nano-webcaster');
element.server = 'https://media.example/whip';
element.reconnectMaxRetries = 10;
element.addEventListener('broadcast-status', ({ detail }) => detail.data.reconnect?.attempt.toFixed());
document.addEventListener('broadcast-status', (event: BroadcastStatusEvent) => event.detail.data.message);
// @ts-expect-error no such source
element.source = 'window';
// @ts-expect-error a number, and no text
element.reconnectMaxRetries = '10';

export const isSameClass: boolean = NanoWebcaster === ClassAlone;

export async function goLive(config: ConfigPatch): Promise<void> {
  const user = new RtcUser();
  await user.setConfig(config);
  user.on('BroadcastError', ({ error }) => error.code === 5002);
  // @ts-expect-error no such event
  user.on('BroadcastEror', () => undefined);
  await user.signIn({ server: 'https://media.example/whip' }).catch((error: unknown) => error instanceof RtcUserError);
}

const context: AttemptContext = { attempt: 1, cause: 'server', minDelay: 1, maxDelay: 8, maxRetries: 10 };
export const seconds: number | null = waitBefore(context, Math.random);
