// What every entry of a log needs to know besides itself: the same object while nothing of it changes.
import type { SessionNumber, SessionView } from "../../protocol/webview.ts";
import type { PanelStore } from "../store/panelStore.ts";

export type LogContext = {
  readonly store: PanelStore;
  readonly number: SessionNumber;
  /** One's own name. */
  readonly me: string;
  readonly mark: SessionView["mark"] | undefined;
  /** Whether messages can be answered and changed now. */
  readonly canAct: boolean;
  /** The reader goes on where they are, though what they read grows. */
  readonly onUnfold: () => void;
  /** Opens the picker of reactions to a message. */
  readonly onReact: (index: number) => void;
};
