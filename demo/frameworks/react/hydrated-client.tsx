import { hydrateRoot } from 'react-dom/client';
import { Studio } from './HydratedStudio.js';

const root = document.getElementById('root');
if (root) hydrateRoot(root, <Studio />);
