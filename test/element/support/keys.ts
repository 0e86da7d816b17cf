import { aTimeout, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

/** Presses a key; Firefox answers before the key has done its work. */
export async function press(key: string): Promise<void> {
  const released = oneEvent(document, 'keyup');
  await sendKeys({ press: key });
  await released;
  await aTimeout(0);
}
