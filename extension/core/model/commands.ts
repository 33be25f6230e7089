// The one table of commands. Typed forms, palette entries, completion, `\help` and the table in docs/USING.md come from
// it; a test compares package.json with it.
import * as l10n from "@vscode/l10n";
import type { Completes } from "../../../protocol/webview.ts";

export type CommandName =
  | "users"
  | "fork"
  | "accept"
  | "decline"
  | "switch"
  | "sessions"
  | "lobby"
  | "send"
  | "file"
  | "changes"
  | "where"
  | "verify"
  | "introduce"
  | "mute"
  | "dnd"
  | "leave"
  | "block"
  | "unblock"
  | "quit"
  | "help";

export type CommandSpec = {
  readonly name: CommandName;
  readonly aliases: readonly string[];
  /** The argument as shown in the usage, in brackets if it can be left out, and what completes each of its words; null if it may have any number of words. */
  readonly argument: { readonly usage: string; readonly completes: Completes | null } | null;
  readonly where: "lobby" | "peer" | "anywhere";
  readonly needsServer: boolean;
  readonly help: string;
  /** The palette entry's id and title (without its category). */
  readonly id: `forkchat.${string}`;
  readonly title: string;
};

export const commands: readonly CommandSpec[] = [
  {
    name: "users",
    aliases: [],
    argument: null,
    where: "lobby",
    needsServer: true,
    help: l10n.t("shows who's online"),
    id: "forkchat.users",
    title: "Users",
  },
  {
    name: "fork",
    aliases: [],
    argument: { usage: "NAME", completes: "forkable" },
    where: "lobby",
    needsServer: true,
    help: l10n.t("opens a private session with someone and switches to it"),
    id: "forkchat.fork",
    title: "Fork…",
  },
  {
    name: "accept",
    aliases: [],
    argument: { usage: "NAME", completes: "asking" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("accepts a request for a private session"),
    id: "forkchat.accept",
    title: "Accept Fork…",
  },
  {
    name: "decline",
    aliases: [],
    argument: { usage: "NAME", completes: "asking" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("declines a request for a private session"),
    id: "forkchat.decline",
    title: "Decline Fork…",
  },
  {
    name: "switch",
    aliases: ["sw"],
    argument: { usage: "N", completes: "session" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("switches to session N; a person's name works too"),
    id: "forkchat.switchSession",
    title: "Switch Session…",
  },
  {
    name: "sessions",
    aliases: ["ss"],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("lists your sessions; * marks the active one"),
    id: "forkchat.sessions",
    title: "Sessions",
  },
  {
    name: "lobby",
    aliases: ["lob"],
    argument: null,
    where: "anywhere",
    needsServer: true,
    help: l10n.t("returns to the lobby"),
    id: "forkchat.lobby",
    title: "Lobby",
  },
  {
    name: "send",
    aliases: [],
    argument: { usage: "PATH:LINES", completes: null },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("attaches lines of a file to your next message"),
    id: "forkchat.sendSelection",
    title: "Send Selection",
  },
  {
    name: "file",
    aliases: [],
    argument: { usage: "PATH", completes: null },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("offers a file to the person in this private session"),
    id: "forkchat.sendFile",
    title: "Send File…",
  },
  {
    name: "changes",
    aliases: [],
    argument: { usage: "[staged|COMMIT|BASE..BRANCH]", completes: null },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("attaches changes of your files to your next message in this private session"),
    id: "forkchat.sendChanges",
    title: "Send Changes…",
  },
  {
    name: "where",
    aliases: [],
    argument: { usage: "NAME", completes: "connected" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("asks someone in a private session which file and line they're at"),
    id: "forkchat.askWhere",
    title: "Ask Where Someone Is…",
  },
  {
    name: "verify",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("shows the safety number, to confirm who this is"),
    id: "forkchat.verify",
    title: "Verify Peer…",
  },
  {
    name: "introduce",
    aliases: [],
    argument: { usage: "NAME NAME", completes: "linked" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("introduces two of your private contacts to each other"),
    id: "forkchat.introduce",
    title: "Introduce…",
  },
  {
    name: "mute",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("mutes or unmutes this session"),
    id: "forkchat.mute",
    title: "Mute Session",
  },
  {
    name: "dnd",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("turns Do Not Disturb on or off"),
    id: "forkchat.doNotDisturb",
    title: "Do Not Disturb",
  },
  {
    name: "leave",
    aliases: [],
    argument: null,
    where: "peer",
    needsServer: false,
    help: l10n.t("ends this private session for both of you"),
    id: "forkchat.leave",
    title: "Leave Session",
  },
  {
    name: "block",
    aliases: [],
    argument: { usage: "NAME", completes: "blockable" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("blocks someone: no private sessions, and their lobby messages are hidden"),
    id: "forkchat.block",
    title: "Block…",
  },
  {
    name: "unblock",
    aliases: [],
    argument: { usage: "NAME", completes: "blocked" },
    where: "anywhere",
    needsServer: false,
    help: l10n.t("undoes \\block"),
    id: "forkchat.unblock",
    title: "Unblock…",
  },
  {
    name: "quit",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("leaves the lobby and ends all private sessions"),
    id: "forkchat.quit",
    title: "Quit",
  },
  {
    name: "help",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: l10n.t("lists the commands available here"),
    id: "forkchat.help",
    title: "Help",
  },
];

/** Palette entries without a typed form, because there may be no panel to type in yet. */
export const paletteCommands = [
  { id: "forkchat.startServer", title: "Start Server" },
  { id: "forkchat.stopServer", title: "Stop Server" },
  { id: "forkchat.join", title: "Join as…" },
  { id: "forkchat.open", title: "Open" },
  { id: "forkchat.showInEditor", title: "Show in Editor" },
  { id: "forkchat.showInPanel", title: "Show in Panel" },
  { id: "forkchat.copyInvite", title: "Copy Invite Link" },
  { id: "forkchat.diagnose", title: "Diagnose Connection" },
  { id: "forkchat.searchMessages", title: "Search Messages…" },
  { id: "forkchat.find", title: "Find in Session" },
  { id: "forkchat.sendProblem", title: "Send Problem" },
  { id: "forkchat.sendTestFailure", title: "Send Test Failure" },
  { id: "forkchat.sendTerminalOutput", title: "Send Terminal Output" },
  // The same while something is selected in the terminal, which only the manifest can tell.
  { id: "forkchat.sendTerminalSelection", title: "Send Terminal Output" },
  { id: "forkchat.exportTranscript", title: "Export Transcript" },
  { id: "forkchat.saveAllFiles", title: "Save All Files…" },
  { id: "forkchat.transfers", title: "Transfers" },
  { id: "forkchat.applyReviewed", title: "Apply Changes" },
  { id: "forkchat.showWhereIAm", title: "Show Where I Am" },
  { id: "forkchat.startNote", title: "Start a Note Here" },
  { id: "forkchat.clearHistory", title: "Clear History" },
] as const;

/** `\name ARGUMENT`, as shown in help and errors. */
export function usage(spec: CommandSpec): string {
  return `\\${spec.name}${spec.argument === null ? "" : ` ${spec.argument.usage}`}`;
}

/** What completes each word of a command's argument. */
export function completions({ argument }: CommandSpec): Completes[] {
  const completes = argument?.completes ?? null;
  return argument === null || completes === null ? [] : argument.usage.split(" ").map(() => completes);
}

/** Whether a command can have this many words as its argument. */
export function takesWords(spec: CommandSpec, count: number): boolean {
  const { argument } = spec;
  if (argument?.completes !== null) return count === completions(spec).length;
  return count > 0 || argument.usage.startsWith("[");
}

export function findCommand(word: string): CommandSpec | undefined {
  return commands.find((spec) => spec.name === word || spec.aliases.includes(word));
}

export function commandSpec(name: CommandName): CommandSpec {
  const spec = findCommand(name);
  if (spec === undefined) throw new Error(`The table lacks ${name}`);
  return spec;
}

/** A command with its argument as typed (empty when it takes none). */
export type Command = { readonly name: CommandName; readonly argument: string };
