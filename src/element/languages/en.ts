import type { Strings } from '../strings.js';
import { controls } from './en/controls.js';
import { status } from './en/status.js';

/** All English text. */
export const en: Strings = { ...status, ...controls };
