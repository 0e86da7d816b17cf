import type { PermissionPlace } from '../strings.js';

/** Browsers that claim to be others too come first. */
const PLACES: readonly (readonly [PermissionPlace, RegExp])[] = [
  ['ios', /iPhone|iPad|iPod/],
  ['android', /Android/],
  ['firefox', /Firefox/],
  ['chromium', /Chrom/],
  ['safari', /Safari/],
];

/** Where a browser keeps the permissions of a page, for a sentence to people. */
export function permissionPlace(userAgent: string): PermissionPlace {
  return PLACES.find(([, sign]) => sign.test(userAgent))?.[0] ?? 'chromium';
}
