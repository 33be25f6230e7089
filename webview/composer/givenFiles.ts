// Files that are pasted or dropped: read here if they have no address, with a bound, and handed to the host.
import { OPEN_OFFERS } from "../../protocol/bulk.ts";
import { ADDRESS_CHARACTERS, PAGE_FILE_BYTES, type SessionView } from "../../protocol/webview.ts";
import { fileTexts } from "../base/fileTexts.ts";
import type { PanelStore } from "../store/panelStore.ts";
import { isRedrawn, redrawn } from "./redrawing.ts";

/** What Chromium calls a picture that was copied as such, and not as a file. */
const COPIED_PICTURE = "image.png";

/** VS Code's list of addresses. Types of what is dropped arrive in lower case. */
const ADDRESSES = "application/vnd.code.uri-list";

/** Whether what is dragged are files. Text and links are for the field itself. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.some((type) => type === ADDRESSES || type === "Files");
}

export function takeDropped(store: PanelStore, session: SessionView, data: DataTransfer): void {
  if (isRefused(store, session)) return;
  const uris = data
    .getData(ADDRESSES)
    .split(/\r?\n/u)
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (uris.length > 0) {
    const known = uris.filter(({ length }) => length <= ADDRESS_CHARACTERS).slice(0, OPEN_OFFERS);
    store.send({ type: "addFiles", session: session.number, uris: known });
    if (known.length < uris.length) refuseMore(store, session);
  } else takeAll(store, session, [...data.files], (file) => Promise.resolve(file));
}

/** Programs that copy a table or a text add a picture of it: then the text is meant. */
export function takePasted(store: PanelStore, session: SessionView, event: ClipboardEvent): void {
  const { clipboardData: data } = event;
  if (data === null || data.files.length === 0 || !onlyNames(data)) return;
  event.preventDefault();
  if (!isRefused(store, session)) takeAll(store, session, [...data.files], withoutPosition);
}

/** Whether the text, if there is any, only names the files: file managers copy their names or paths with them. */
function onlyNames(data: DataTransfer): boolean {
  const names = new Set([...data.files].map(({ name }) => name.normalize()));
  const lines = data.getData("text/plain").split(/\r?\n/u);
  return lines.every((line) => line.trim() === "" || names.has(lastPart(line.trim()).normalize()));
}

/** Of a name, a path or an address. */
function lastPart(path: string): string {
  const part = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  if (!path.startsWith("file:")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** In the lobby, the host says why. */
function isRefused(store: PanelStore, { number, peer }: SessionView): boolean {
  if (peer !== undefined) return false;
  store.send({ type: "notAdded", session: number, why: "lobby", name: "" });
  return true;
}

type Given = Pick<File, "name" | "size" | "arrayBuffer">;

type Prepare = (file: File) => Promise<Given>;

function takeAll(store: PanelStore, session: SessionView, files: readonly File[], prepare: Prepare): void {
  for (const file of files.slice(0, OPEN_OFFERS))
    store.giving.inTurn(() => takeOne(store, session, file, prepare));
  if (files.length > OPEN_OFFERS) refuseMore(store, session);
}

async function takeOne(
  store: PanelStore,
  { number: session }: SessionView,
  file: File,
  prepare: Prepare,
): Promise<void> {
  const refuse = (why: "large" | "unreadable" | "undrawn") =>
    store.send({ type: "notAdded", session, why, name: file.name.slice(0, 255) });
  try {
    const given = file.size > PAGE_FILE_BYTES ? file : await prepare(file);
    if (given.size > PAGE_FILE_BYTES) {
      refuse("large");
      return;
    }
    const bytes = new Uint8Array(await given.arrayBuffer());
    await store.giving.give(session, given.name.slice(0, 255), bytes);
  } catch (error) {
    // Otherwise a folder, or a file that is gone.
    refuse(error instanceof NotDrawn ? "undrawn" : "unreadable");
  }
}

function refuseMore(store: PanelStore, { number: session }: SessionView): void {
  store.send({ type: "notAdded", session, why: "many", name: "" });
}

/** A picture that would say where it was taken. */
class NotDrawn extends Error {}

/** A pasted picture without what its camera wrote beside it. */
async function withoutPosition(file: File): Promise<Given> {
  if (!isRedrawn(file.type)) return file;
  const blob = await redrawn(file).catch(() => {
    throw new NotDrawn();
  });
  const name = blob.type === file.type ? file.name : `${file.name.slice(0, 251)}.png`;
  return {
    name: file.name === COPIED_PICTURE ? fileTexts.picture(nowText()) : name,
    size: blob.size,
    arrayBuffer: () => blob.arrayBuffer(),
  };
}

/** `2026-11-30 09.05.03`, in local time. Sorts by name, and has no character that a file's name cannot have. */
function nowText(now = new Date()): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".")}`;
}
