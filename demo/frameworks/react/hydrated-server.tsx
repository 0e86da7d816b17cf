import { renderToString } from 'react-dom/server';
import { Studio } from './HydratedStudio.js';

export const markup = renderToString(<Studio />);
