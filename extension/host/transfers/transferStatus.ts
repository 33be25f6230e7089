// What the user sees of a file that comes: the core's state, and what the disk and the folder say.
import * as l10n from "@vscode/l10n";
import type { Phase, Receiving } from "../../core/transfers/receivingState.ts";
import { receivingStatus } from "../../core/transfers/status.ts";
import type { IncomingFile } from "./fileReceiver.ts";

const reasons: Readonly<Record<NonNullable<IncomingFile["trouble"]>, string>> = {
  full: l10n.t("there isn't enough disk space"),
  crowded: l10n.t("files of 8 GB are already on their way"),
  failed: l10n.t("the disk can't be written to"),
  folder: l10n.t("the folder can't be used"),
};

function reasonText(reason: string): string {
  return Object.entries(reasons).find(([code]) => code === reason)?.[1] ?? reasons.failed;
}

/** @param linked whether there is a bulk link */
export function incomingStatus(transfer: Receiving, file: IncomingFile | undefined, linked: boolean) {
  const status = receivingStatus(transfer, linked);
  return { ...status, phase: phaseOf(status.phase as Phase, file) };
}

function phaseOf(phase: Phase, file: IncomingFile | undefined): Phase {
  const isOver = ["declined", "canceled", "failed"].includes(phase.phase);
  if (file === undefined || isOver) return phase;
  if (file.trouble !== null) return { phase: "paused", by: "disk", reason: reasonText(file.trouble) };
  // Complete, and on its way to its folder.
  if (phase.phase === "done" && file.delivered === null) return { phase: "verifying" };
  if (phase.phase !== "paused" || phase.by !== "disk") return phase;
  return { ...phase, reason: reasonText(phase.reason) };
}
