import { renderToString } from 'react-dom/server';
import { Studio } from './HydratedStudio.js';

process.stdout.write(renderToString(<Studio />));
