// The texts of cards with files. Whole sentences, so that they can be translated.
import * as l10n from "@vscode/l10n";
import type { TransferView } from "../../protocol/webview.ts";
import { locale } from "./language.ts";

type Failure = Extract<TransferView["state"], { phase: "failed" }>["why"];

const failed: Record<Failure, string> = {
  changed: l10n.t("The file has changed since it was offered"),
  gone: l10n.t("The file is no longer available"),
  withdrawn: l10n.t("The offer was withdrawn"),
  damaged: l10n.t("The file arrived damaged"),
};

export const fileTexts = {
  name: (name: string) => l10n.t("File: {0}", name),
  save: l10n.t("Save…"),
  decline: l10n.t("Decline"),
  pause: l10n.t("Pause"),
  resume: l10n.t("Resume"),
  cancel: l10n.t("Cancel"),

  awaitsAnswer: l10n.t("Waiting for an answer"),
  waiting: l10n.t("Waiting…"),
  verifying: l10n.t("Verifying…"),
  progress: (bytes: string, size: string) => l10n.t("{0} of {1}", bytes, size),
  relayed: (time: string) => l10n.t("About {0} through the server's relay", time),
  left: (time: string) => l10n.t("{0} left", time),
  paused: {
    me: l10n.t("Paused"),
    them: l10n.t("Paused on the other side"),
    link: l10n.t("Waiting for a connection"),
  },
  pausedFor: (reason: string) => l10n.t("Paused: {0}", reason),
  received: (size: string) => l10n.t("{0} received", size),
  sent: (size: string) => l10n.t("{0} sent", size),
  declined: l10n.t("Declined"),
  canceled: l10n.t("Canceled"),
  unavailable: l10n.t("No longer available"),
  failed,

  /** For those who hear the page: when a file starts, ends or fails. */
  hears: {
    receiving: (name: string) => l10n.t("Receiving {0}", name),
    sending: (name: string) => l10n.t("Sending {0}", name),
    about: (name: string, what: string) => l10n.t("{0}: {1}", name, what),
  },
} as const;

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `1.2 MB`: in decimal units, as file managers have them. */
export function sizeText(bytes: number): string {
  return inUnits(bytes, "");
}

/** `1.2 MB/s` */
export function rateText(bytesPerSecond: number): string {
  return inUnits(bytesPerSecond, "-per-second");
}

function inUnits(bytes: number, per: string): string {
  const power = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const unit = `${UNITS[power] ?? "byte"}${per}`;
  const maximumFractionDigits = power > 0 && value < 10 ? 1 : 0;
  const unitDisplay = power === 0 && per === "" ? "long" : "short";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits }).format(
    value,
  );
}

/** `12 seconds`, `3 minutes`, `2 hours`: no more exact than it can be known. */
export function durationText(seconds: number): string {
  const [unit, length] = seconds < 60 ? ["second", 1] : seconds < 3_600 ? ["minute", 60] : ["hour", 3_600];
  const value = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(locale, { style: "unit", unit: unit, unitDisplay: "long" }).format(value);
}
