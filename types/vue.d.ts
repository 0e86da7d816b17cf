/**
 * The element in templates of Vue: `import type {} from 'nano-webcaster/vue'` once in a project. Templates may write
 * attributes in kebab case and events as `@broadcast-status`; rich values are bound as `:iceServers.prop`.
 */
import type { DefineComponent } from 'vue';
import type { Attributes, Events, Properties } from './markup.js';

/** Vue's tools look for `onBroadcastStatus` where a template says `@broadcast-status`. */
type CamelCase<Text extends string> = Text extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Text;

type Handlers = {
  [Name in keyof Events as `on${Capitalize<CamelCase<Name>>}`]?: ((event: Events[Name]) => void) | undefined;
};

declare module 'vue' {
  interface GlobalComponents {
    'nano-webcaster': DefineComponent<Attributes & Properties & Handlers>;
  }
}
