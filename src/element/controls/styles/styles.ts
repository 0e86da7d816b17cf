import { controls } from './controls.js';
import { forcedColors } from './forced-colors.js';
import { panels } from './panels.js';

/** The styles of the controls; the later ones have the last word. */
export const styles = [controls, panels, forcedColors];
