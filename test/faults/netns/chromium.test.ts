import { describeFaults } from './matrix.js';

describeFaults('chromium');
