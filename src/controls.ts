import { provideControls } from './element/controllers/controls-loader.js';
import * as controls from './element/controls/index.js';

// Imported beside the element, the controls are there at once and nothing is loaded later.
provideControls(controls);
