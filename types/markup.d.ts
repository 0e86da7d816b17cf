/**
 * What markup and templates may set on <nano-webcaster>, derived from the types of the element, for the types of the
 * frameworks beside this file.
 *
 * By hand, because the generators were tried and lack what ours has (versions of 2026-11):
 * - `@wc-toolkit/jsx-types` 1.8: event types are named and not imported, so that they are `any`; no module augmentation for React,
 *   Preact and Solid; attributes that are numbers cannot be written as text.
 * - `custom-element-vuejs-integration` 1.4: handlers as `onbroadcast-status`, which Vue's tools do not look for; events wrapped twice in
 *   `CustomEvent`; a global `JSX` namespace, which breaks other frameworks.
 * - `custom-element-svelte-integration` 1.2: `on:` and `bind:` of Svelte 4; a boolean attribute `false`, which Svelte writes as a text
 *   that is on.
 */
import type { NanoWebcaster, NanoWebcasterEventMap } from '../dist/index.js';
import type { Settings } from '../dist/element/attributes.js';

type KebabCase<Text extends string> = Text extends `${infer Letter}${infer Rest}`
  ? `${Letter extends Lowercase<Letter> ? Letter : `-${Lowercase<Letter>}`}${KebabCase<Rest>}`
  : Text;

/** Markup writes numbers as text too. */
type InMarkup<Value> = Value extends number ? number | `${number}` : Value;

/** The properties that have an attribute, with the docstrings of the element. */
type Configured = Pick<NanoWebcaster, keyof Settings>;

/** The attributes, named as in HTML. */
export type Attributes = {
  [Name in keyof Configured as KebabCase<Name>]?: InMarkup<Configured[Name]> | undefined;
} & {
  /** The language of the element, as everywhere in HTML. */
  lang?: string | undefined;
};

/** Booleans whose attribute and property differ in name: frameworks that look for the attribute's name find no property. */
type Switch = keyof {
  [
    Name in keyof Configured as Configured[Name] extends boolean ? Exclude<KebabCase<Name>, Name> : never
  ]: Configured[Name];
};

/** The same for templates that write `false` as text, which in HTML is on: there the properties can be switched off. */
export type TemplateAttributes = {
  [Name in keyof Attributes]: Name extends Switch ? true | '' | null | undefined : Attributes[Name];
};

/** The properties that a page may set, named as in JavaScript. */
export type Properties = {
  [Name in Exclude<keyof Configured, keyof Attributes>]?: InMarkup<Configured[Name]> | undefined;
} & {
  [Name in 'iceServers' | 'tokenProvider' | 'strings' | 'mediaStream' | 'core']?: NanoWebcaster[Name] | undefined;
};

/** The events, by the names that `addEventListener` takes. */
export type Events = NanoWebcasterEventMap;

/** A handler for each event, under its name behind `Prefix`. */
export type Handlers<Prefix extends string> = {
  [Name in keyof Events as `${Prefix}${Name}`]?: ((event: Events[Name]) => void) | undefined;
};
