// Installs what the namespace tests need, if that needs no questions. Otherwise those tests are skipped with a reason.
import { installDebianPackages } from "./debianPackages.ts";
import { runCommand } from "./runCommand.ts";

export async function ensureNftables(log: (line: string) => void): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  if ((await runs("nft", "-v")) && (await runs("ip", "-V"))) return;
  await installDebianPackages("nftables", ["nftables", "iproute2"], log);
}

async function runs(program: string, flag: string): Promise<boolean> {
  return runCommand(program, [flag]).then(
    ({ code }) => code === 0,
    () => false,
  );
}
