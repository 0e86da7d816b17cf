// The controls come first: they are there when the first element is upgraded.
import './controls.js';

export * from './index.js';
