// What the user wants to send, and where its bytes can be read: a file on this disk as it is, anything else from a copy.
import { rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, posix } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { FILE_BYTES } from "../../../protocol/bulk.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { ComposedFile } from "../../../protocol/webview.ts";
import { makeFolder } from "./places.ts";
import { lookAt } from "./sourceFile.ts";

/** A file by its place, or bytes that have none. */
export type Chosen = vscode.Uri | { readonly name: string; readonly bytes: Uint8Array };

/** Bytes of a file that is not on this disk. VS Code hands it over as a whole, so that all of it is in memory at once. */
export const COPY_BYTES = 64_000_000;

export type Readable = Omit<ComposedFile, "id">;

export function nameOf(chosen: Chosen): string {
  return chosen instanceof vscode.Uri ? posix.basename(chosen.path) : chosen.name;
}

/**
 * Where a file can be read, or why not, as a sentence.
 * @param copy the path for a copy. If there is one, it is the caller's.
 */
export async function readable(chosen: Chosen, copy: string): Promise<Result<Readable, string>> {
  if (!(chosen instanceof vscode.Uri)) return copied(chosen.name, chosen.name, chosen.bytes, copy);
  const name = nameOf(chosen);
  if (chosen.scheme === "file") return onDisk(chosen);
  const { fs } = vscode.workspace;
  try {
    const { type, size } = await fs.stat(chosen);
    if ((type & vscode.FileType.Directory) !== 0) return err(isFolder(name));
    if (size > COPY_BYTES)
      return err(l10n.t("{0} is too large: files that aren't on this computer can have 64 MB.", name));
    return await copied(name, chosen.path, await fs.readFile(chosen), copy);
  } catch {
    return err(noFile(chosen.path));
  }
}

async function onDisk({ fsPath: path }: vscode.Uri): Promise<Result<Readable, string>> {
  const source = await lookAt(path);
  const name = basename(path);
  if (source === null) return err((await isDirectory(path)) ? isFolder(name) : noFile(path));
  if (source.size > FILE_BYTES) return err(l10n.t("{0} is too large: files can have 2 GB.", name));
  return ok({ path, size: source.size, name, shownPath: path });
}

async function copied(
  name: string,
  shownPath: string,
  bytes: Uint8Array,
  path: string,
): Promise<Result<Readable, string>> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, bytes, { mode: 0o600 });
    return ok({ path, size: bytes.length, name, shownPath, copied: true });
  } catch {
    await rm(path, { force: true });
  }
  return err(l10n.t("{0} can't be sent: the disk can't be written to.", name));
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

function noFile(path: string): string {
  return l10n.t("There's no file at {0}.", path);
}

function isFolder(name: string): string {
  return l10n.t("{0} is a folder. Send its files, or an archive of it.", name);
}
