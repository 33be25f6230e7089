// Packs a folder with an extension into a .vsix, without the packer's own list of files.
import { fileURLToPath } from "node:url";
import { runCommand } from "./runCommand.ts";

const VSCE = fileURLToPath(new URL("../node_modules/@vscode/vsce/vsce", import.meta.url));

/** Rejects with the packer's output when it fails. */
export async function packExtension(
  folder: string,
  vsix: string,
  more: readonly string[] = [],
): Promise<void> {
  const args = [VSCE, "package", "--no-dependencies", ...more, "--out", vsix];
  const { code, tail } = await runCommand(process.execPath, args, { cwd: folder });
  if (code !== 0) throw new Error(`${vsix} could not be packed:\n${tail}`);
}
