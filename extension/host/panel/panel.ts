// Where the panel's page is shown: as an editor tab, which is restored after a window reload, as a view that can be
// dragged anywhere, or as both. All show the same store.
import * as v from "valibot";
import * as vscode from "vscode";
import { PersistedPage, type HostMessage } from "../../../protocol/webview.ts";
import { showUnreadBadge } from "../views/unreadBadge.ts";
import { aboveOnAll } from "./pageLink.ts";
import { PANEL_TYPE, PANEL_VIEW } from "../vscode/places.ts";
import { showFailure } from "../vscode/failures.ts";
import { PageSurface, type SurfaceOptions } from "./pageSurface.ts";

export type Location = "editor" | "panel";

type PanelOptions = SurfaceOptions & {
  /** The user's choice. */
  readonly location: () => Location;
  /** A reloaded window's panel remembers whose conversation it showed. */
  readonly onRestored: (windowId: string) => void;
};

/** The page of a tab behind a file is kept: people go back and forth, and loading it anew takes longer than they like to wait. */
const TAB_OPTIONS = { retainContextWhenHidden: true };

type Open<T> = { readonly place: T; readonly surface: PageSurface };
type OpenView = Open<vscode.WebviewView> & { readonly badge: { dispose(): void } };

export class Panel {
  readonly #options: PanelOptions;
  #tab: Open<vscode.WebviewPanel> | null = null;
  #view: OpenView | null = null;
  /** The view was requested, and has not been created yet. */
  #focusView = false;
  /** The message for that view. */
  #waiting: HostMessage | null = null;

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  /** Restores the tab of a reloaded window, with the state that its page had saved. */
  restoreTab(panel: vscode.WebviewPanel, state: unknown): void {
    this.#restored(state);
    this.#tab?.place.dispose();
    this.#adoptTab(panel);
  }

  /** Sets up the view when VS Code shows it for the first time. */
  resolveView(view: vscode.WebviewView, state: unknown): void {
    this.#restored(state);
    this.#adoptView(view);
  }

  get visible(): boolean {
    return this.#tab?.place.visible === true || this.#view?.place.visible === true;
  }

  /** Shows the page where the user wants it, and focuses its composer. */
  reveal(location = this.#options.location()): void {
    if (location === "panel") this.#revealView();
    else this.#revealTab();
  }

  /** Sends a message to the visible page. */
  post(message: HostMessage): void {
    if (this.#tab?.place.visible === true) this.#tab.surface.post(message);
    if (this.#view?.place.visible === true) this.#view.surface.post(message);
  }

  /** Sends a message about what the page shows to the visible page; shows a page if none is visible. */
  tell(message: HostMessage): void {
    const wanted = this.#options.location();
    const isSeen = this.visible;
    if (!isSeen) this.reveal(wanted);
    const [tab, view] = [this.#tab, this.#view];
    if (isSeen ? tab?.place.visible === true : wanted === "editor") tab?.surface.tell(message);
    if (isSeen ? view?.place.visible === true : wanted === "panel") view?.surface.tell(message);
    this.#waiting = !isSeen && wanted === "panel" && view === null ? message : null;
  }

  /** The webviews themselves stay: they belong to the window, and are restored after a reload. */
  dispose(): void {
    this.#tab?.surface.dispose();
    this.#view?.surface.dispose();
    this.#view?.badge.dispose();
  }

  #restored(state: unknown): void {
    const persisted = v.safeParse(PersistedPage, state);
    if (persisted.success) this.#options.onRestored(persisted.output.windowId);
  }

  #revealTab(): void {
    if (this.#tab === null) {
      const sleeping = sleepingTabs();
      this.#adoptTab(
        vscode.window.createWebviewPanel(
          PANEL_TYPE,
          "Fork Chat",
          sleeping[0]?.group.viewColumn ?? newColumn(),
          TAB_OPTIONS,
        ),
      );
      showFailure(vscode.window.tabGroups.close(sleeping, true));
    } else {
      this.#tab.place.reveal();
    }
    this.#tab?.surface.tell({ type: "focus" });
  }

  #revealView(): void {
    if (this.#view === null) {
      this.#focusView = true;
      showFailure(vscode.commands.executeCommand(`${PANEL_VIEW}.focus`));
      return;
    }
    this.#view.place.show(false);
    this.#view.surface.tell({ type: "focus" });
  }

  #adoptTab(panel: vscode.WebviewPanel): void {
    const { extensionUri } = this.#options;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, "media", "panel-light.svg"),
      dark: vscode.Uri.joinPath(extensionUri, "media", "panel-dark.svg"),
    };
    const open = {
      place: panel,
      surface: new PageSurface(panel.webview, this.#options, () => this.#showReading()),
    };
    this.#tab = open;
    panel.onDidChangeViewState(() => this.#showVisibility());
    panel.onDidDispose(() => {
      open.surface.dispose();
      if (this.#tab === open) this.#tab = null;
      this.#showVisibility();
    });
    this.#showVisibility();
  }

  #adoptView(view: vscode.WebviewView): void {
    const surface = new PageSurface(view.webview, this.#options, () => this.#showReading());
    const open = { place: view, surface, badge: showUnreadBadge(this.#options.store, view) };
    this.#view?.surface.dispose();
    this.#view?.badge.dispose();
    this.#view = open;
    view.onDidChangeVisibility(() => this.#showVisibility());
    view.onDidDispose(() => {
      open.surface.dispose();
      open.badge.dispose();
      if (this.#view === open) this.#view = null;
      this.#showVisibility();
    });
    if (this.#focusView) open.surface.tell({ type: "focus" });
    this.#focusView = false;
    if (this.#waiting !== null) open.surface.tell(this.#waiting);
    this.#waiting = null;
    this.#showVisibility();
  }

  #showVisibility(): void {
    for (const open of [this.#tab, this.#view]) open?.surface.setVisible(open.place.visible);
    this.#options.store.dispatch({ type: "panel/visible", visible: this.visible });
    this.#showReading();
  }

  /** A line that is visible on one page counts as visible. */
  #showReading(): void {
    const { store } = this.#options;
    const pages = [this.#tab, this.#view].flatMap((open) =>
      open?.place.visible === true ? [open.surface] : [],
    );
    const sessions = aboveOnAll(pages);
    const { above } = store.state;
    if (sessions.length === above.length && sessions.every((session) => above.includes(session))) return;
    store.dispatch({ type: "panel/above", sessions });
  }
}

/** Tabs from before a reload that have not been shown since. VS Code restores a tab only when it shows it. */
function sleepingTabs(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input, isActive }) =>
      !isActive && input instanceof vscode.TabInputWebview && input.viewType.endsWith(`-${PANEL_TYPE}`),
  );
}

function newColumn(): vscode.ViewColumn {
  return vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
}
