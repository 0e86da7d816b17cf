import type { TemplateResult } from 'lit';
import type { Strings } from '../strings.js';
import type { Icons } from '../view/icons.js';
import type { ControlsActions, ControlsModel } from './model.js';
import type { Numbers } from './numbers.js';

/** What the controls are rendered from. */
export interface ControlsView {
  readonly model: ControlsModel;
  readonly actions: ControlsActions;
  readonly words: Strings;
  readonly numbers: Numbers;
  /** The icons of the element. */
  readonly icons: Icons;
}

/** The controls, part by part, for the places that the element has for them. */
export interface ControlsParts {
  /** In the pill: the time since the broadcast became live. */
  readonly time: TemplateResult;
  /** Beside the pill: mutes, quality, and what the camera can do. */
  readonly top: TemplateResult;
  /** In place of the card of the status; undefined if there is nothing to ask. */
  readonly card: TemplateResult | undefined;
  /** On the card of the status. */
  readonly actions: unknown;
  /** If nothing more important is to be shown. */
  readonly notice: ControlsNotice | undefined;
  /** In place of the general sentence of a failure. */
  readonly hint: string | undefined;
  /** For screen readers, each once. */
  readonly said: readonly (string | undefined)[];
  readonly bar: TemplateResult;
  readonly panels: TemplateResult;
}

/** One line over the lower edge of the video. */
export interface ControlsNotice {
  readonly tone: 'plain' | 'warn' | 'live';
  readonly icon: unknown;
  readonly text: string;
  /** For screen readers; nothing if it is not worth an interruption. */
  readonly said?: string;
}
