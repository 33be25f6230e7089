// Files that this machine keeps for the conversation itself: pictures that are shown in it.
import { constants } from "node:fs";
import { open, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { FileId } from "../../../protocol/bulk.ts";
import { allowedName } from "../../../protocol/fileNames.ts";
import type { KeptFile } from "../../../protocol/webview.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import {
  PICTURE_BYTES,
  readPictureHeader,
  type PictureHeader,
  type PictureKind,
} from "../../core/transfers/pictureHeader.ts";
import { OwnedFolders, type KeptBound } from "../storage/ownedFolders.ts";

const ON_WINDOWS = process.platform === "win32";

/** Windows has no such flag, and no such pipes. */
const NO_WAITING = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;

const EXTENSIONS: Readonly<Record<PictureKind, RegExp>> = {
  png: /\.png$/iu,
  jpeg: /\.jpe?g$/iu,
  gif: /\.gif$/iu,
  webp: /\.webp$/iu,
};

/** Whether a file says of itself that it is such a picture, by the name that it has on this disk. */
export function isNamedPicture(name: string): boolean {
  const allowed = allowedName(name, ON_WINDOWS);
  return !allowed.startsWith(".") && Object.values(EXTENSIONS).some((extension) => extension.test(allowed));
}

export class KeptFiles {
  readonly folder: string;
  readonly #folders: OwnedFolders;

  constructor(folder: string) {
    this.folder = folder;
    this.#folders = new OwnedFolders(folder);
  }

  /** The folder of one file. */
  folderOf(conversation: Conversation, id: FileId, own: boolean): string {
    return this.#folders.of(ownerOf(conversation), [own, id]);
  }

  pathOf({ path }: KeptFile): string {
    return join(this.folder, ...path.split("/"));
  }

  /** Keeps a copy of a file in its folder if it is a picture. Null if it is not. */
  async keepPicture(folder: string, name: string, path: string): Promise<KeptFile | null> {
    // Read once: what is looked at is what is kept, also if others replace the file.
    const bytes = await readPicture(path);
    const header = bytes && readPictureHeader(bytes);
    if (bytes === null || header === null) return null;
    const place = join(folder, storedName(name, header));
    await this.#folders.make(folder);
    try {
      await writeFile(place, bytes, { mode: 0o600 });
    } catch (error) {
      await this.#folders.remove(folder);
      throw error;
    }
    return this.describe(place);
  }

  /** What there is to say of a file in a folder of its own. Null if it is not below the folder of kept files. */
  async describe(path: string): Promise<KeptFile | null> {
    const parts = relative(this.folder, path).split(sep);
    if (parts.length !== 3 || parts[0] === "..") return null;
    const header = await headerOf(path);
    return { path: parts.join("/"), ...(header === null ? {} : { picture: shownAs(header) }) };
  }

  /** What is in the folder of one file. Null if there is nothing. */
  async find(folder: string): Promise<KeptFile | null> {
    const [name] = await readdir(folder).catch(() => []);
    return name === undefined ? null : this.describe(join(folder, name));
  }

  async remove(kept: KeptFile): Promise<void> {
    await this.removeFolder(dirname(this.pathOf(kept)));
  }

  /** Deletes the folder of one file. */
  async removeFolder(folder: string): Promise<void> {
    await this.#folders.remove(folder);
  }

  /** Deletes those of one conversation, or (null) all, but never those of these. */
  async forget(conversation: Conversation | null, except: readonly Conversation[]): Promise<void> {
    const owners = except.map(ownerOf);
    if (conversation === null) await this.#folders.forgetAll(owners);
    else await this.#folders.forget(ownerOf(conversation), owners);
  }

  /** Deletes what is too old, and then the oldest of the conversation that has the most, until the others fit. */
  async expire(bound: KeptBound, now: number): Promise<void> {
    await this.#folders.expire(bound, now);
  }
}

/** A conversation keeps its files when its peer takes another name. */
function ownerOf({ server, identity, peer }: Conversation): unknown {
  return [server, identity, peer?.pin ?? null];
}

/** A name that tells programs what kind of picture it is. */
function storedName(name: string, { kind }: PictureHeader): string {
  const allowed = allowedName(basename(name), ON_WINDOWS).replace(/^\./u, "_");
  return EXTENSIONS[kind].test(allowed) ? allowed : `${allowed}.${kind}`;
}

function shownAs({ width, height, mayMove }: PictureHeader): NonNullable<KeptFile["picture"]> {
  return { width, height, ...(mayMove ? { moves: true } : {}) };
}

async function headerOf(path: string): Promise<PictureHeader | null> {
  const bytes = await readPicture(path);
  return bytes && readPictureHeader(bytes);
}

/** A file that is not too large to be shown. Null if there is none, or something else. */
async function readPicture(path: string): Promise<Uint8Array | null> {
  try {
    // A pipe would keep the reader waiting.
    const file = await open(path, constants.O_RDONLY | NO_WAITING);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > PICTURE_BYTES) return null;
      const bytes = new Uint8Array(found.size);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
