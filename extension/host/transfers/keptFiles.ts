// Files that this machine keeps for the conversation itself: pictures that are shown in it. Each has a folder of its own below
// that of its conversation. They are bounded in bytes and days, the oldest go first, and all can be deleted at any time.
import { createHash } from "node:crypto";
import { copyFile, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { FileId } from "../../../protocol/bulk.ts";
import { allowedName } from "../../../protocol/fileNames.ts";
import type { KeptFile } from "../../../protocol/webview.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import {
  HEADER_BYTES,
  PICTURE_BYTES,
  readPictureHeader,
  type PictureHeader,
  type PictureKind,
} from "../../core/transfers/pictureHeader.ts";
import { makeFolder } from "./places.ts";

/** Bytes of all kept files. */
export const KEPT_BYTES = 512 * 1024 * 1024;

const DAY_MS = 24 * 3_600_000;

const EXTENSIONS: Readonly<Record<PictureKind, RegExp>> = {
  png: /\.png$/iu,
  jpeg: /\.jpe?g$/iu,
  gif: /\.gif$/iu,
  webp: /\.webp$/iu,
};

/** Whether a file says of itself that it is such a picture. */
export function isNamedPicture(name: string): boolean {
  return !name.startsWith(".") && Object.values(EXTENSIONS).some((extension) => extension.test(name));
}

export class KeptFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The folder of one file. Peers choose the ids of their offers, so that it is named by a hash. */
  folderOf(conversation: Conversation, id: FileId, own: boolean): string {
    return join(this.#folderOfAll(conversation), hashed([own, id]));
  }

  pathOf({ path }: KeptFile): string {
    return join(this.folder, ...path.split("/"));
  }

  /** Keeps a copy of a file in its folder if it is a picture. Null if it is not. */
  async keepPicture(folder: string, name: string, path: string): Promise<KeptFile | null> {
    const header = await headerOf(path);
    if (header === null) return null;
    const place = join(folder, storedName(name, header));
    await makeFolder(folder);
    await copyFile(path, place);
    const kept = await this.describe(place);
    // It was replaced meanwhile.
    if (kept?.picture === undefined) await this.#removeFolder(folder);
    return kept?.picture === undefined ? null : kept;
  }

  /** What there is to say of a file in a folder of its own. Null if it is not below the folder of kept files. */
  async describe(path: string): Promise<KeptFile | null> {
    const parts = relative(this.folder, path).split(sep);
    if (parts.length !== 3 || parts[0] === "..") return null;
    const header = await headerOf(path);
    const size = header === null ? {} : { picture: { width: header.width, height: header.height } };
    return { path: parts.join("/"), ...size };
  }

  async remove(kept: KeptFile): Promise<void> {
    await this.#removeFolder(dirname(this.pathOf(kept)));
  }

  /** Deletes those of one conversation, or all. */
  async forget(conversation: Conversation | null): Promise<void> {
    await rm(conversation === null ? this.folder : this.#folderOfAll(conversation), {
      ...{ recursive: true, force: true },
    });
  }

  /** Deletes what is too old, and the oldest until the others fit. */
  async expire(days: number, now: number, most = KEPT_BYTES): Promise<void> {
    const files = (await this.#all()).sort((a, b) => b.mtime - a.mtime);
    let sum = 0;
    for (const { path, size, mtime } of files) {
      sum += size;
      if (sum > most || now - mtime > days * DAY_MS) await this.#removeFolder(dirname(path));
    }
  }

  async #all(): Promise<{ path: string; size: number; mtime: number }[]> {
    const names = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const found = await Promise.all(
      files.map(async (path) => {
        const status = await stat(path).catch(() => null);
        return status === null ? [] : [{ path, size: status.size, mtime: status.mtimeMs }];
      }),
    );
    return found.flat();
  }

  #folderOfAll({ server, identity, peer }: Conversation): string {
    return join(this.folder, hashed([server, identity, peer?.pin ?? null]));
  }

  async #removeFolder(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    // That of the conversation, if it is empty now.
    await rmdir(dirname(folder)).catch(() => undefined);
  }
}

function hashed(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

/** A name that tells programs what kind of picture it is. */
function storedName(name: string, { kind }: PictureHeader): string {
  const allowed = allowedName(basename(name), process.platform === "win32").replace(/^\./u, "_");
  return EXTENSIONS[kind].test(allowed) ? allowed : `${allowed}.${kind}`;
}

async function headerOf(path: string): Promise<PictureHeader | null> {
  try {
    const file = await open(path, "r");
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > PICTURE_BYTES) return null;
      const bytes = new Uint8Array(Math.min(found.size, HEADER_BYTES));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return readPictureHeader(bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
