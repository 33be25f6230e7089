// Secrets for VS Code in a browser, whose own secret storage may only last as long as the page: after a reload, others
// would see the user with a new key. So each secret is also saved in a file, readable for its user only, on the machine
// where this extension runs.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renameFile } from "../storage/renameFile.ts";
import { isWhole, type Secrets } from "./keyring.ts";

export class FileBackedSecrets implements Secrets {
  readonly #secrets: Secrets;
  readonly #folder: string;

  constructor(secrets: Secrets, folder: string) {
    this.#secrets = secrets;
    this.#folder = folder;
  }

  /**
   * The file takes precedence, because all windows share it. If the file is damaged and the copy intact, the copy
   * counts.
   */
  async get(key: string): Promise<string | undefined> {
    const [file, other] = await Promise.allSettled([this.#read(key), this.#secrets.get(key)]);
    const kept = file.status === "fulfilled" ? file.value : undefined;
    if (kept !== undefined && isWhole(key, kept)) return kept;
    if (other.status === "fulfilled" && other.value !== undefined) return other.value;
    // A file that cannot be read now may be intact. Treating it as missing would overwrite it.
    if (file.status === "rejected") throw file.reason;
    return kept;
  }

  async store(key: string, value: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(key);
    const aside = `${path}.${process.pid}`;
    await writeFile(aside, value, { mode: 0o600, flush: true });
    await renameFile(aside, path);
    await this.#secrets.store(key, value);
  }

  async #read(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.#path(key), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Keys contain names and addresses, which may contain characters that file names cannot. */
  #path(key: string): string {
    return join(this.#folder, createHash("sha256").update(key).digest("hex"));
  }
}
