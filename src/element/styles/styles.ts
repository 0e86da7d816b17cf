import { controls } from './controls.js';
import { forcedColors } from './forced-colors.js';
import { frame } from './frame.js';
import { panels } from './panels.js';

/** All of the element's styles; the later ones have the last word. */
export const styles = [frame, controls, panels, forcedColors];
