// Messages that offer files, and how far each file is.
import * as v from "valibot";
import { FileId, type FilePart } from "../../protocol/bulk.ts";
import { offerText } from "../../protocol/fileText.ts";
import type { KeptFile, MessageEntry, TransferView } from "../../protocol/webview.ts";
import { session } from "./pageData.ts";
import { told } from "./talkData.ts";

const MEGABYTE = 1_000_000;

function idOf(seq: number): FileId {
  return v.parse(FileId, `${String(seq).padStart(21, "0")}A`);
}

/** A message with the number `seq` that offers a file. */
export function offer(from: string, seq: number, name: string, size = 48 * MEGABYTE): MessageEntry {
  const part: FilePart = { kind: "file", id: idOf(seq), name, size };
  return told(from, offerText(part), seq, { part });
}

/** How far the file of a message in session 1 is. */
export function transfer(
  { own, part }: MessageEntry,
  state: TransferView["state"],
  rest: Partial<TransferView> = {},
): TransferView {
  const id = part?.kind === "file" ? part.id : idOf(0);
  return { session: session(1), id, own, state, bytes: 0, rate: null, secondsLeft: null, ...rest };
}

const offered = offer("bobby", 1, "trace.json", 1_234);
const running = offer("bobby", 2, "core-dump-2026-11-29.tar.zst", 1_900 * MEGABYTE);
const paused = offer("anna", 3, `${"a-very-long-name-".repeat(9)}.log`);
const full = offer("bobby", 4, "دليل المستخدم.pdf");
const received = offer("bobby", 5, "שלום 2026 final.png", 0);
const sent = offer("anna", 6, "fix.patch", 7_400);
const failed = offer("bobby", 7, "photo\u202egnp.exe", 900_000);
const waiting = offer("anna", 8, "video.mp4");

const pictured = {
  ...offer("bobby", 9, "Picture 2026-11-30 09.05.03.png", 184_000),
  kept: { ...keptPicture("Picture 2026-11-30 09.05.03.png", 1_280, 800), unsaved: true as const },
};
const own = { ...offer("anna", 10, "icon.webp", 900), kept: keptPicture("icon.webp", 48, 48) };

export const files: MessageEntry[] = [
  ...[offered, running, paused, full, received, sent, failed, waiting],
  ...[pictured, own],
];

export const transfers: readonly TransferView[] = [
  transfer(running, { phase: "running" }, { bytes: 700 * MEGABYTE, rate: 24.6 * MEGABYTE, secondsLeft: 49 }),
  transfer(paused, { phase: "paused", by: "them" }, { bytes: 12 * MEGABYTE }),
  transfer(full, { phase: "paused", by: "disk", reason: "there isn't enough disk space" }),
  transfer(received, { phase: "received" }),
  transfer(sent, { phase: "sent" }, { bytes: 7_400 }),
  transfer(failed, { phase: "failed", why: "changed" }),
  transfer(waiting, { phase: "offered" }),
  transfer(pictured, { phase: "received" }, { bytes: 184_000 }),
  transfer(own, { phase: "sent" }, { bytes: 900 }),
];

/** A picture of that size on the test's server: its folder says it. */
export function keptPicture(name: string, width: number, height: number): KeptFile {
  const folder = [width, height].map((side) => String(side).padStart(16, "0")).join("");
  return { path: `${"0".repeat(32)}/${folder}/${name}`, picture: { width, height } };
}

/** In the composer. */
export const filesToSend = [
  { id: idOf(20), name: "Picture 2026-11-30 09.05.03.png", size: 184_000 },
  { id: idOf(21), name: `${"a-very-long-name-".repeat(5)}.log`, size: 12 * MEGABYTE },
];
