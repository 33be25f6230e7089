// Secrets for a VS Code in a browser, whose own secret storage may be no more than the page's memory: a reload would make
// the user somebody else to all who know them. Each is kept in a file as well, readable for its user alone, on the machine
// where this extension runs. On the desktop VS Code's secret storage is enough; chatWindow.ts decides.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secrets } from "./keyring.ts";

export class FileBackedSecrets implements Secrets {
  readonly #secrets: Secrets;
  readonly #folder: string;

  constructor(secrets: Secrets, folder: string) {
    this.#secrets = secrets;
    this.#folder = folder;
  }

  /** The file's word counts first: it is the same for all windows. */
  async get(key: string): Promise<string | undefined> {
    const kept = await readFile(this.#path(key), "utf8").catch(() => undefined);
    return kept ?? this.#secrets.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(key);
    const aside = `${path}.${process.pid}`;
    await writeFile(aside, value, { mode: 0o600 });
    await rename(aside, path);
    await this.#secrets.store(key, value);
  }

  /** Keys hold names and addresses, which may hold what a file name may not. */
  #path(key: string): string {
    return join(this.#folder, createHash("sha256").update(key).digest("hex"));
  }
}
