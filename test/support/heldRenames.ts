// Windows, while a virus scanner has a new file open: renaming it fails.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** Lets so many renames fail, on a machine that says it is of this platform. Returns what ends it, and counts them. */
export function holdRenames(
  times: number,
  { code = "EPERM", platform = "win32" }: { code?: string; platform?: NodeJS.Platform } = {},
): { readonly end: () => void; readonly tried: () => number } {
  const { renameSync } = fs;
  const { rename } = fs.promises;
  const own = process.platform;
  let tried = 0;
  const check = (): void => {
    if (++tried <= times) throw Object.assign(new Error(`${code}: rename`), { code });
  };
  const set = (sync: typeof renameSync, promised: typeof rename, system: string): void => {
    Object.assign(fs, { renameSync: sync });
    Object.assign(fs.promises, { rename: promised });
    syncBuiltinESMExports();
    Object.defineProperty(process, "platform", { value: system });
  };
  const sync: typeof renameSync = (from, to) => {
    check();
    renameSync(from, to);
  };
  const promised: typeof rename = async (from, to) => {
    check();
    await rename(from, to);
  };
  set(sync, promised, platform);
  return { end: () => set(renameSync, rename, own), tried: () => tried };
}
