import { renderToString } from 'react-dom/server';
import { Studio } from './HydratedStudio.js';

console.log(renderToString(<Studio />));
