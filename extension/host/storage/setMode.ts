// Sets the rights of a file or folder, where there are such rights: on WSL's /mnt/c, network folders and memory cards, all
// files have those of their disk, and changing them is refused.
import { chmod, type FileHandle } from "node:fs/promises";

const REFUSED: readonly unknown[] = ["EPERM", "ENOTSUP", "ENOSYS"];

export async function setMode(file: string | FileHandle, mode: number): Promise<void> {
  try {
    await (typeof file === "string" ? chmod(file, mode) : file.chmod(mode));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && REFUSED.includes(error.code))) throw error;
  }
}
