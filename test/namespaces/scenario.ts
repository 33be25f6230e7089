// Whether network namespaces can be had here, and tests that need them: where they cannot be had, each is skipped with the
// reason in its name. For the tests in this folder.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { AsyncFunc } from "mocha";
import { NAMESPACES, ROUTER_RULES } from "./topology.ts";

/** Why there are none here; undefined where there are. */
export const missing = whatIsMissing();

/** A test in namespaces. */
export function scenario(title: string, test: AsyncFunc): void {
  if (missing === undefined) it(title, test);
  else it.skip(`${title} (${missing})`);
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  for (const [program, flag, source] of [
    ["ip", "-V", "iproute2"],
    ["nft", "-v", "nftables"],
  ] as const) {
    if (attempt(program, [flag]) !== undefined) return `the program ${program} of ${source} is missing`;
  }
  removeLeftovers();
  return probe();
}

/** Makes one of everything that the topologies are made of. */
function probe(): string | undefined {
  const name = `${NAMESPACES}probe`;
  const made = attempt("ip", ["netns", "add", name]);
  if (made !== undefined) return `no network namespace can be made: ${made}`;
  const failure =
    attempt("ip", ["-n", name, "link", "add", "wire1", "type", "veth", "peer", "name", "wire2"]) ??
    attempt("ip", ["-n", name, "link", "add", "switch", "type", "bridge"]) ??
    attempt("ip", ["netns", "exec", name, "nft", "-f", "-"], ROUTER_RULES) ??
    attempt("ip", ["netns", "exec", name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
  attempt("ip", ["netns", "del", name]);
  return failure === undefined ? undefined : `a network namespace cannot do what is needed: ${failure}`;
}

/** Namespaces of runs that were killed before they could remove them. */
function removeLeftovers(): void {
  const list = execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
  for (const [name, pid = ""] of list.matchAll(/^fork-chat-(\d+)-\S+/gmu)) {
    if (!existsSync(`/proc/${pid}`)) attempt("ip", ["netns", "del", name]);
  }
}

/** Runs a program; says what was wrong, in its own words, if anything was. */
function attempt(program: string, args: readonly string[], input = ""): string | undefined {
  try {
    execFileSync(program, args, { input, stdio: ["pipe", "ignore", "pipe"], encoding: "utf8" });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const [line = ""] = said.trim().split("\n");
    return line === "" ? `${program} cannot be run` : line;
  }
}
