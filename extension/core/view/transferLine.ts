// What is said of a transfer in one line: how far it is, how fast, and why it does not go on.
import * as l10n from "@vscode/l10n";
import type { TransferView } from "../../../protocol/webview.ts";
import { durationIn, rateIn, sizeIn } from "../../../protocol/quantities.ts";

/**
 * @param size bytes of the whole file
 * @param locale of the numbers
 */
export function transferLine(view: TransferView, size: number, locale: string): string {
  const { state, bytes, rate, secondsLeft } = view;
  const done = l10n.t("{0} of {1}", sizeIn(locale, bytes), sizeIn(locale, size));
  switch (state.phase) {
    case "running":
      return [
        done,
        ...(rate === null ? [] : [rateIn(locale, rate)]),
        ...(secondsLeft === null ? [] : [l10n.t("{0} left", durationIn(locale, secondsLeft))]),
      ].join(" · ");
    case "paused":
      return `${done} · ${pauseText(state)}`;
    case "offered":
      return view.own ? l10n.t("Waiting for an answer") : l10n.t("Waiting for your answer");
    case "waiting":
      return l10n.t("Waiting…");
    case "verifying":
      return l10n.t("Verifying…");
    case "received":
      return l10n.t("{0} received", sizeIn(locale, size));
    case "sent":
      return l10n.t("{0} sent", sizeIn(locale, size));
    case "declined":
      return l10n.t("Declined");
    case "canceled":
      return l10n.t("Canceled");
    case "failed":
      return l10n.t("Failed");
  }
}

function pauseText(state: Extract<TransferView["state"], { phase: "paused" }>): string {
  switch (state.by) {
    case "me":
      return l10n.t("Paused");
    case "them":
      return l10n.t("Paused on the other side");
    case "link":
      return l10n.t("Waiting for a connection");
    case "disk":
      return l10n.t("Paused: {0}", state.reason);
  }
}
