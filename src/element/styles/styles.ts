import { buttons } from './buttons.js';
import { forcedColors } from './forced-colors.js';
import { frame } from './frame.js';
import { message } from './message.js';
import { theme } from './theme.js';

/** The styles of the element without controls; the later ones have the last word. */
export const styles = [theme, frame, message, buttons, forcedColors];
