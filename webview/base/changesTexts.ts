// The texts of cards with changes.
import * as l10n from "@vscode/l10n";
import type { CardWarning } from "../../protocol/changesCard.ts";
import type { ListedChange } from "../../protocol/changesPart.ts";
import type { AppliedChanges, TransferView } from "../../protocol/webview.ts";
import { dayText, momentText, timeText } from "./timeText.ts";

const kinds: Record<ListedChange["kind"], string> = {
  added: l10n.t("new"),
  deleted: l10n.t("deleted"),
  modified: l10n.t("edited"),
  renamed: l10n.t("moved"),
};

const warnings: Record<CardWarning, string> = {
  editor: l10n.t("changes editor settings or tasks"),
  git: l10n.t("changes what Git does, or a hook"),
  ci: l10n.t("changes what runs after a push"),
  scripts: l10n.t("changes build scripts or packages"),
  hidden: l10n.t("changes a hidden file that programs may read"),
  refused: l10n.t("cannot be applied: a link, or a name that is not safe"),
};

type Failure = Extract<TransferView["state"], { phase: "failed" }>["why"];

const failed: Record<Failure, string> = {
  changed: l10n.t("These changes arrived damaged"),
  gone: l10n.t("These changes are no longer available"),
  withdrawn: l10n.t("These changes were withdrawn"),
  damaged: l10n.t("These changes arrived damaged"),
  many: l10n.t("These changes are no longer available"),
};

export const changesTexts = {
  kinds,
  warnings,
  failed,
  sending: l10n.t("Sending…"),
  fetching: l10n.t("Getting the changes…"),
  here: l10n.t("Downloaded"),
  sent: l10n.t("Delivered"),
  /** @param sent when the message was, under whose day the text stands */
  applied: ({ at, partly }: AppliedChanges, sent: number): string => {
    if (dayText(at) === dayText(sent))
      return partly === true
        ? l10n.t("Partly applied at {0}", timeText(at))
        : l10n.t("Applied at {0}", timeText(at));
    return partly === true
      ? l10n.t("Partly applied on {0}", momentText(at))
      : l10n.t("Applied on {0}", momentText(at));
  },
  name: (files: number): string =>
    files === 1 ? l10n.t("Changes: 1 file") : l10n.t("Changes: {0} files", files),
  files: (count: number): string =>
    count === 1 ? l10n.t("1 changed file") : l10n.t("{0} changed files", count),
  lines: (added: number, removed: number): string => l10n.t("{0} lines added, {1} removed", added, removed),
  binary: l10n.t("binary"),
  movedFrom: (path: string): string => l10n.t("moved from {0}", path),
  notListed: l10n.t("The file names are too long to list here"),
  more: (count: number): string =>
    count === 1 ? l10n.t("and 1 more file") : l10n.t("and {0} more files", count),
  review: l10n.t("Review"),
  apply: l10n.t("Apply"),
  save: l10n.t("Save as .patch"),
} as const;
