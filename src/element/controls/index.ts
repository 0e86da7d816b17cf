/** The module behind the attribute `controls`: loaded when an element has it. */
export { ControlsController as Controls } from './controls-controller.js';
export { controls as words } from '../languages/en/controls.js';
export { styles } from './styles/styles.js';
export { VERSION as version } from '../../core/version.js';
