// Whether the user is at this window and can be interrupted, and the notifications themselves. The core decides what
// deserves one, and when.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { allOrNothing, type DisposableStore } from "../vscode/disposableStore.ts";
import { showInfo } from "../vscode/notify.ts";
import type { Store } from "../store/store.ts";

/** Milliseconds that the user counts as busy after selecting text. */
const SELECTING_MS = 4_000;
const OPEN = l10n.t("Open");
const MUTE = l10n.t("Mute");

type Options = {
  readonly store: Store;
  /** Minutes without focus after which the user counts as away; 0: never. */
  readonly awayAfterMinutes: () => number;
  /** Shows the panel, with this session if it still exists. */
  readonly open: (session: SessionNumber | undefined) => void;
};

export class Attention {
  readonly #options: Options;
  readonly #parts: DisposableStore;
  readonly #debugging = new Set<string>();
  #away: NodeJS.Timeout | undefined;
  #selecting: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#parts = allOrNothing((parts) => {
      const { window, debug } = vscode;
      parts.add({ dispose: () => [this.#away, this.#selecting].forEach(clearTimeout) });
      parts.add(window.onDidChangeWindowState(({ focused }) => this.#focus(focused)));
      // VS Code reports the end of the active debug session only afterwards, and a background one was never active.
      if (debug.activeDebugSession !== undefined) this.#debugging.add(debug.activeDebugSession.id);
      parts.add(
        debug.onDidStartDebugSession(({ id }) => {
          this.#debugging.add(id);
          this.#showOccupied();
        }),
      );
      parts.add(
        debug.onDidTerminateDebugSession(({ id }) => {
          this.#debugging.delete(id);
          this.#showOccupied();
        }),
      );
      parts.add(
        window.onDidChangeTextEditorSelection(({ selections }) => {
          if (selections.some(({ isEmpty }) => !isEmpty)) this.#select();
        }),
      );
      this.tell();
      return parts;
    });
  }

  /** Reports the current values to the store: at startup, and after its state was replaced. */
  tell(): void {
    this.#focus(vscode.window.state.focused);
    this.#showOccupied();
  }

  /** Shows a quiet notification; its buttons open or mute the sessions it is about. */
  async notify(text: string, sessions: readonly SessionNumber[]): Promise<void> {
    const { store, open } = this.#options;
    const meant = sessions.map((number) => ({ number, identity: this.#identityOf(number) }));
    const choice = await showInfo(text, OPEN, MUTE);
    // It may have been visible for long, and after quitting, a number can belong to another session.
    const there = meant
      .filter(({ number, identity }) => this.#identityOf(number) === identity)
      .map(({ number }) => number);
    const [first] = there;
    if (choice === OPEN) open(first);
    if (choice !== MUTE) return;
    for (const session of there) store.dispatch({ type: "user/mute", session, value: true });
  }

  /**
   * Distinguishes a session from all others that had or will have its number; the lobby is identified by its server's
   * address.
   */
  #identityOf(number: SessionNumber): string | undefined {
    const { sessions, me } = this.#options.store.state;
    const session = sessions.find((each) => each.number === number);
    return session?.kind === "lobby" ? me?.server : session?.sid;
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #focus(focused: boolean): void {
    const { store, awayAfterMinutes } = this.#options;
    clearTimeout(this.#away);
    store.dispatch({ type: "host/focus", focused });
    if (focused) {
      store.dispatch({ type: "host/presence", presence: "here" });
      return;
    }
    const minutes = awayAfterMinutes();
    if (minutes === 0) return;
    this.#away = setTimeout(
      () => store.dispatch({ type: "host/presence", presence: "away" }),
      minutes * 60_000,
    );
  }

  #select(): void {
    clearTimeout(this.#selecting);
    this.#selecting = setTimeout(() => {
      this.#selecting = undefined;
      this.#showOccupied();
    }, SELECTING_MS);
    this.#showOccupied();
  }

  #showOccupied(): void {
    const occupied = this.#debugging.size > 0 || this.#selecting !== undefined;
    const { store } = this.#options;
    if (store.state.occupied !== occupied) store.dispatch({ type: "host/occupied", occupied });
  }
}
