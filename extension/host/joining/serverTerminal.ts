// Runs the rendezvous server in an integrated terminal, where its log is visible and Ctrl+C stops it. The terminal is
// VS Code's and survives a window reload.
import { uptime } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { isSameServer, readServerUrl } from "../../core/model/serverAddress.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { listenPlace, portOf, type ListenPlace } from "./listenPlace.ts";
import { hasArgument, serverCommand } from "./serverCommand.ts";

export const TERMINAL_NAME = l10n.t("Fork Chat Server");
/** Key of the last started server in the window's state. */
const STARTED_KEY = "forkchat.startedServer";
type Started = {
  readonly process: number;
  readonly url: string;
  /** When the machine booted, in seconds since 1970: after a reboot, the process id means another process. */
  readonly machine: number;
};
/** Seconds by which the clock may have been adjusted in the meantime. */
const CLOCK_TOLERANCE = 120;

/** Milliseconds that a server may take to start listening. */
const START_MS = 15_000;
const PROBE_MS = 150;
/** Milliseconds that a server may take to stop: 2 s, plus some for its terminal on a busy machine. */
const STOP_MS = 6_000;
/** The key that interrupts the program in a terminal. */
const CTRL_C = "\u0003";

export type Probe = (url: string) => Promise<"server" | "nothing" | "other">;

type Options = {
  readonly context: vscode.ExtensionContext;
  readonly probe: Probe;
};

export class ServerTerminal {
  readonly #options: Options;
  readonly #subscriptions: vscode.Disposable[];
  readonly #emitter = new vscode.EventEmitter<void>();
  /** Fires when a terminal has opened or closed. */
  readonly onDidChange = this.#emitter.event;
  /**
   * The server that this window started before it was reloaded: VS Code may have lost its terminal, or the terminal's
   * name.
   */
  #former: Started | undefined;
  #formerTerminal: vscode.Terminal | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#subscriptions = [
      vscode.window.onDidOpenTerminal((terminal) => logFailure(this.#opened(terminal))),
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
    ];
    this.#showContext();
    logFailure(this.#recall());
  }

  /** Whether a server that this window started is running. */
  get isHere(): boolean {
    return this.#find() !== undefined || (this.#former !== undefined && isOwn(this.#former.process));
  }

  /**
   * Starts a server at an address of this machine and resolves once it responds. The error is a sentence for people.
   * @param protect returns the arguments that protect a server which other machines can reach
   */
  async start(url: string, protect: () => Promise<string[]>): Promise<Result<"started" | "running", string>> {
    const place = await listenPlace(url);
    if (!place.ok) return place;
    const found = await this.#options.probe(url);
    if (found === "server") return ok("running");
    if (found === "other") {
      return err(
        l10n.t(
          "Something other than a Fork Chat server is listening at {0}. Choose another port in the setting forkchat.serverUrl.",
          url,
        ),
      );
    }
    const former = this.#find();
    const isElsewhere = former === undefined && this.isHere;
    if (isElsewhere || (former !== undefined && !(await closes(former)))) {
      return err(
        l10n.t(
          "The terminal “{0}” is running a server for another address. Run “Chat: Stop Server” first.",
          TERMINAL_NAME,
        ),
      );
    }
    const terminal = this.#open(place.value, place.value.isLocal ? [] : await protect());
    terminal.show(true);
    logFailure(this.#remember(terminal, url));
    return this.#listening(terminal, url);
  }

  /** Interrupts the server, which notifies everyone and exits. Returns false if none is running in this window. */
  stop(): boolean {
    const terminal = this.#find();
    if (terminal !== undefined) terminal.sendText(CTRL_C, false);
    else if (this.#former !== undefined && this.isHere) {
      process.kill(this.#former.process, "SIGINT");
      this.#forget();
    } else return false;
    return true;
  }

  /**
   * Whether the server at `url`, an address of this machine, is this window's own. VS Code may not know a terminal that
   * survived a reload.
   */
  runs(url: string): boolean {
    if (this.#former !== undefined && isSameServer(this.#former.url, url) && this.isHere) return true;
    const read = readServerUrl(url);
    const options = this.#find()?.creationOptions;
    if (!read.ok || options === undefined) return false;
    const args = "shellArgs" in options ? options.shellArgs : undefined;
    return args === undefined || hasArgument(args, String(portOf(read.value)));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#emitter.dispose();
  }

  #open({ host, port, name }: ListenPlace, args: readonly string[]): vscode.Terminal {
    const { context } = this.#options;
    const called = name === undefined ? [] : ["--allow-host", name];
    const script = vscode.Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
    // A window on a remote machine would run the server there, while this extension runs here.
    const here =
      context.extension.extensionKind === vscode.ExtensionKind.UI && vscode.env.remoteName !== undefined;
    return vscode.window.createTerminal({
      name: TERMINAL_NAME,
      iconPath: new vscode.ThemeIcon("comment-discussion"),
      ...serverCommand(script, ["--host", host, "--port", String(port), ...called, ...args], process),
      // On the desktop this process is VS Code itself, which acts as plain Node.js with this variable.
      env: { ELECTRON_RUN_AS_NODE: "1" },
      ...(here ? { cwd: context.extensionUri } : {}),
    });
  }

  async #listening(terminal: vscode.Terminal, url: string): Promise<Result<"started", string>> {
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      if (terminal.exitStatus !== undefined) {
        return err(l10n.t("The server stopped right after it started. Check its terminal for the reason."));
      }
      if ((await this.#options.probe(url)) === "server") return ok("started");
      // The server prints that it is ready to its terminal, which an extension cannot read.
      await delay(PROBE_MS);
    }
    return err(l10n.t("The server isn't responding yet. Check its terminal for the reason."));
  }

  #find(): vscode.Terminal | undefined {
    return vscode.window.terminals.find(
      (terminal) =>
        (terminal.name === TERMINAL_NAME || terminal === this.#formerTerminal) &&
        terminal.exitStatus === undefined,
    );
  }

  async #remember(terminal: vscode.Terminal, url: string): Promise<void> {
    const process = await terminal.processId;
    this.#former = undefined;
    if (process === undefined) return;
    const started: Started = { process, url, machine: machineStart() };
    await this.#options.context.workspaceState.update(STARTED_KEY, started);
  }

  /** The server was stopped, or has exited. */
  #forget(): void {
    this.#former = undefined;
    logFailure(this.#options.context.workspaceState.update(STARTED_KEY, undefined));
    this.#changed();
  }

  /** Recognizes a server that still responds there and has the same process id; a reused id is next to impossible. */
  async #recall(): Promise<void> {
    const started = this.#options.context.workspaceState.get<Started>(STARTED_KEY);
    if (started === undefined) return;
    if (!isOwn(started.process) || Math.abs(started.machine - machineStart()) > CLOCK_TOLERANCE) {
      // A process that gets the id later must not be mistaken for it.
      this.#forget();
      return;
    }
    if ((await this.#options.probe(started.url)) !== "server") return;
    this.#former = started;
    for (const terminal of vscode.window.terminals) logFailure(this.#opened(terminal));
    this.#changed();
  }

  async #opened(terminal: vscode.Terminal): Promise<void> {
    this.#changed();
    const process = await terminal.processId;
    if (process === undefined || process !== this.#former?.process) return;
    this.#formerTerminal = terminal;
    this.#changed();
  }

  #closed({ exitStatus }: vscode.Terminal): void {
    // The window closes or reloads, and has released its terminals; their programs continue.
    if (exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    if (this.isHere) this.#changed();
    else this.#forget();
  }

  #changed(): void {
    this.#showContext();
    this.#emitter.fire();
  }

  #showContext(): void {
    logFailure(vscode.commands.executeCommand("setContext", "forkchat.serverHere", this.isHere));
  }
}

/** Whether a process is running that this user may signal. */
function isOwn(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

function machineStart(): number {
  return Math.round(Date.now() / 1000 - uptime());
}

/** Whether a terminal closes within a moment, as it does after its server was stopped. */
function closes(terminal: vscode.Terminal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(closed);
    };
    const timer = setTimeout(() => end(false), STOP_MS);
    const subscription = vscode.window.onDidCloseTerminal((closed) => {
      if (closed === terminal) end(true);
    });
  });
}
