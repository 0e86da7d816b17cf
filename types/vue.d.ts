/**
 * The element in templates of Vue: `import type {} from 'nano-webcaster/vue'` once in a project. Templates may write
 * attributes in kebab case and events as `@broadcast-status`; rich values are bound as `:iceServers.prop`, and booleans
 * by the property's name, as `:videoMuted`. Vue's tools read `:video-muted` as that too, and cannot warn of it.
 */
import type { DefineComponent } from 'vue';
import type { Events, Properties, TemplateAttributes } from './markup.js';

/** Vue's tools look for `onBroadcastStatus` where a template says `@broadcast-status`. */
type CamelCase<Text extends string> = Text extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Text;

type Handlers = {
  [Name in keyof Events as `on${Capitalize<CamelCase<Name>>}`]?: ((event: Events[Name]) => void) | undefined;
};

declare module 'vue' {
  interface GlobalComponents {
    'nano-webcaster': DefineComponent<TemplateAttributes & Properties & Handlers>;
  }
}
