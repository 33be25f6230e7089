// “Chat: Transfers”: the files that are offered or on their way, how far each is, and what can be done with it.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionNumber, TransferView } from "../../../protocol/webview.ts";
import { shownFiles, type ShownFile } from "../../core/view/shownFiles.ts";
import { transferLine } from "../../core/view/transferLine.ts";
import { viewOf } from "../../core/view/transferViews.ts";
import type { Store } from "../store/store.ts";
import { pickLive } from "../vscode/boxes.ts";
import { showInfo } from "../vscode/notify.ts";
import { listedName } from "../vscode/plainText.ts";
import type { FileCards } from "./fileCards.ts";

type Options = {
  readonly store: Pick<Store, "state" | "onChange">;
  readonly cards: Pick<FileCards, "act">;
  /** Shows a message. */
  readonly reveal: (session: SessionNumber, index: number) => void;
};

const actions = ["save", "pause", "resume", "cancel", "show"] as const;
type Action = (typeof actions)[number];
type Item = vscode.QuickPickItem & { readonly file: ShownFile };

const buttons: Readonly<Record<Action, vscode.QuickInputButton>> = {
  save: { iconPath: new vscode.ThemeIcon("desktop-download"), tooltip: l10n.t("Save…") },
  pause: { iconPath: new vscode.ThemeIcon("debug-pause"), tooltip: l10n.t("Pause") },
  resume: { iconPath: new vscode.ThemeIcon("play"), tooltip: l10n.t("Resume") },
  cancel: { iconPath: new vscode.ThemeIcon("close"), tooltip: l10n.t("Cancel") },
  show: { iconPath: new vscode.ThemeIcon("folder-opened"), tooltip: l10n.t("Show") },
};

export async function showTransfers({ store, cards, reveal }: Options): Promise<void> {
  const items = (): Item[] => shownFiles(store.state).map(itemOf).reverse();
  if (items().length === 0) {
    await showInfo(l10n.t("There are no files to send or receive."));
    return;
  }
  const chosen = await pickLive({
    placeholder: l10n.t("Select a file to show its message"),
    items,
    keyOf: ({ file }) => `${file.status.sid}/${file.status.way}/${file.status.id}`,
    follow: (update) =>
      store.onChange((before, after) => {
        if (before.transfers !== after.transfers || before.sessions !== after.sessions) update();
      }),
    onButton: ({ file: { session, index } }, pressed) => {
      const action = actions.find((each) => buttons[each] === pressed);
      if (action !== undefined) cards.act({ type: "file", action, session: session.number, index });
    },
  });
  if (chosen !== undefined) reveal(chosen.file.session.number, chosen.file.index);
}

function itemOf(file: ShownFile): Item {
  const { session, status, part } = file;
  const view = viewOf({ session: session.number, status });
  const icon = status.way === "in" ? "$(arrow-down)" : "$(arrow-up)";
  return {
    label: `${icon} ${listedName(part.name)}`,
    description: status.way === "in" ? l10n.t("from {0}", session.peer) : l10n.t("to {0}", session.peer),
    detail: transferLine(view, part.size, vscode.env.language),
    buttons: actionsOf(view).map((action) => buttons[action]),
    file,
  };
}

function actionsOf({ state, own }: TransferView): Action[] {
  switch (state.phase) {
    case "offered":
      return own ? ["cancel"] : ["save", "cancel"];
    case "waiting":
    case "running":
      return ["pause", "cancel"];
    case "paused":
      return state.by === "me" || state.by === "disk" ? ["resume", "cancel"] : ["pause", "cancel"];
    case "received":
      return ["show"];
    default:
      return [];
  }
}
