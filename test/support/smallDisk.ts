// A real disk that can be filled and freed, or made read-only: a small file system in memory. Where this user may not
// mount one, a folder that cannot be written takes its place.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIZE = "1m";

export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), "fork-chat-disk-"));
  readonly #mounted = succeeds("mount", "-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", this.path);

  /** From now on nothing can be written to this folder of it, which is created if necessary. */
  fill(folder: string): void {
    mkdirSync(folder, { recursive: true });
    if (!this.#mounted) return chmodSync(folder, 0o500);
    for (let chunk = 512 * 1024; chunk >= 1; chunk = Math.floor(chunk / 2)) this.#put(chunk);
  }

  free(folder: string): void {
    if (this.#mounted) rmSync(this.#filling, { force: true });
    else chmodSync(folder, 0o700);
  }

  /** Returns false if this user may not do that. */
  makeReadOnly(): boolean {
    return this.#mounted && succeeds("mount", "-o", "remount,ro", this.path);
  }

  makeWritable(): void {
    succeeds("mount", "-o", "remount,rw", this.path);
  }

  remove(): void {
    if (this.#mounted) succeeds("umount", "-l", this.path);
    rmSync(this.path, { recursive: true, force: true });
  }

  get #filling(): string {
    return join(this.path, "filling");
  }

  #put(bytes: number): void {
    try {
      for (;;) writeFileSync(this.#filling, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // No more of that size fits.
    }
  }
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
