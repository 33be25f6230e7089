// A disk without rights of files or hard links, as WSL's /mnt/c, network folders and memory cards are.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { promises } = fs;
const real = { ...promises };

function refuse(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
}

/** Files have the rights of their disk: changing them fails. Resolves with what ends it. */
export async function refuseModes(code = "EPERM"): Promise<() => void> {
  const folder = await promises.mkdtemp(join(tmpdir(), "fork-chat-handle-"));
  const handle = await promises.open(join(folder, "file"), "w");
  const handles = Object.getPrototypeOf(handle) as { chmod: unknown };
  await handle.close();
  await promises.rm(folder, { recursive: true });
  const { chmod } = handles;
  const restore = replace({
    chmod: refuse(code),
    // It sets the rights once it has written the bytes.
    copyFile: async (from: string, to: string, mode?: number) => {
      await real.copyFile(from, to, mode);
      await promises.rm(to);
      return refuse(code)();
    },
  });
  handles.chmod = refuse(code);
  return () => {
    handles.chmod = chmod;
    restore();
  };
}

/** A file cannot have two names, and (with a code) its name cannot be changed. */
export function refuseLinks(renaming?: string): () => void {
  return replace({
    link: refuse("EPERM"),
    ...(renaming === undefined ? {} : { rename: refuse(renaming) }),
  });
}

function replace(calls: Partial<Record<keyof typeof promises, unknown>>): () => void {
  Object.assign(promises, calls);
  syncBuiltinESMExports();
  return () => {
    Object.assign(promises, real);
    syncBuiltinESMExports();
  };
}
