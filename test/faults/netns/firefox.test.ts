import { describeFaults } from './matrix.js';

describeFaults('firefox');
