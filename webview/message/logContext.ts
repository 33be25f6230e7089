// What every entry of a log needs besides itself; the object stays the same while nothing in it changes.
import type { SessionNumber, SessionView } from "../../protocol/webview.ts";
import type { PanelStore } from "../store/panelStore.ts";

export type LogContext = {
  readonly store: PanelStore;
  readonly number: SessionNumber;
  /** The user's own name. */
  readonly me: string;
  readonly mark: SessionView["mark"] | undefined;
  /** Whether messages can be replied to and changed now. */
  readonly canAct: boolean;
  /** Keeps the reader in place while a text above or below grows. */
  readonly onUnfold: () => void;
  /** Opens the picker of reactions to a message. */
  readonly onReact: (index: number) => void;
};
