import type { ControlsParts } from '../controls/controls-parts.js';
import type { Actions, ViewModel } from '../controls/model.js';
import type { Language, StatusStrings } from '../strings.js';

/** What the element is rendered from. */
export interface ElementView {
  readonly model: ViewModel;
  readonly actions: Actions;
  readonly language: Language<StatusStrings>;
  /** The page sets `dir` nearer than `lang`: its direction is inherited. */
  readonly hasDirection: boolean;
  /** Null without controls, and until their module is loaded. */
  readonly controls: ControlsParts | null;
}
