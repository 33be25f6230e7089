// The texts of cards with files. Whole sentences, so that they can be translated.
import * as l10n from "@vscode/l10n";
import { durationIn, rateIn, sizeIn } from "../../protocol/quantities.ts";
import type { TransferView } from "../../protocol/webview.ts";
import { locale } from "./language.ts";

type Failure = Extract<TransferView["state"], { phase: "failed" }>["why"];

const failures: Record<Exclude<Failure, "many">, string> = {
  changed: l10n.t("The file has changed since it was offered"),
  gone: l10n.t("The file is no longer available"),
  withdrawn: l10n.t("The offer was withdrawn"),
  damaged: l10n.t("The file arrived damaged"),
};

function failed(why: Failure, own: boolean): string {
  if (why !== "many") return failures[why];
  return own
    ? l10n.t("Declined automatically: too many files are waiting for an answer there")
    : l10n.t("Declined automatically: too many files were waiting for your answer");
}

export const fileTexts = {
  name: (name: string) => l10n.t("File: {0}", name),
  save: l10n.t("Save…"),
  saveAll: (count: number) => l10n.t("Save All {0}…", count),
  decline: l10n.t("Decline"),
  show: l10n.t("Show"),
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

  openPicture: l10n.t("Open Picture"),
  /** Of a file that came without asking. */
  noPicture: l10n.t("Not a picture that can be shown here"),
  noPictureDeclined: l10n.t("Declined: not a picture that can be shown here"),
  pictureGone: l10n.t("This picture is no longer kept."),

  /** In the composer. */
  toSend: (name: string) => l10n.t("Files for {0}", name),
  remove: (name: string) => l10n.t("Remove {0}", name),
  picture: (date: string) => l10n.t("Picture {0}.png", date),

  /** For those who hear the page: when a file starts, ends or fails. */
  hears: {
    receiving: (name: string) => l10n.t("Receiving {0}", name),
    sending: (name: string) => l10n.t("Sending {0}", name),
    about: (name: string, what: string) => l10n.t("{0}: {1}", name, what),
  },
} as const;

export const sizeText = (bytes: number): string => sizeIn(locale, bytes);
export const rateText = (bytesPerSecond: number): string => rateIn(locale, bytesPerSecond);
export const durationText = (seconds: number): string => durationIn(locale, seconds);
