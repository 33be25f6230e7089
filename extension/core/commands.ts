// The one table of commands. Typed form, palette entry, completion, `\help` and the README's table come from it;
// a test holds package.json against it.

export type CommandName = "users" | "fork" | "switch" | "sessions" | "lobby" | "leave" | "quit" | "help";

export type CommandSpec = {
  readonly name: CommandName;
  readonly aliases: readonly string[];
  /** The argument as usage shows it, and what completes it. */
  readonly argument: { readonly usage: string; readonly completes: "user" | "session" } | null;
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
    help: "shows who is online",
    id: "forkchat.users",
    title: "Users",
  },
  {
    name: "fork",
    aliases: [],
    argument: { usage: "NAME", completes: "user" },
    where: "lobby",
    needsServer: true,
    help: "opens a private session with somebody and switches to it",
    id: "forkchat.fork",
    title: "Fork…",
  },
  {
    name: "switch",
    aliases: ["sw"],
    argument: { usage: "N", completes: "session" },
    where: "anywhere",
    needsServer: false,
    help: "switches to session N; a peer's name will do as well",
    id: "forkchat.switchSession",
    title: "Switch Session…",
  },
  {
    name: "sessions",
    aliases: ["ss"],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: "lists the sessions; * marks the active one",
    id: "forkchat.sessions",
    title: "Sessions",
  },
  {
    name: "lobby",
    aliases: ["lob"],
    argument: null,
    where: "anywhere",
    needsServer: true,
    help: "goes back to the lobby",
    id: "forkchat.lobby",
    title: "Lobby",
  },
  {
    name: "leave",
    aliases: [],
    argument: null,
    where: "peer",
    needsServer: false,
    help: "ends this private session, for both",
    id: "forkchat.leave",
    title: "Leave Session",
  },
  {
    name: "quit",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: "leaves everything",
    id: "forkchat.quit",
    title: "Quit",
  },
  {
    name: "help",
    aliases: [],
    argument: null,
    where: "anywhere",
    needsServer: false,
    help: "shows the commands that can be used here",
    id: "forkchat.help",
    title: "Help",
  },
];

/** Entries of the palette that have no typed form: there may be no panel yet to type in. */
export const paletteCommands = [
  { id: "forkchat.startServer", title: "Start Server" },
  { id: "forkchat.stopServer", title: "Stop Server" },
  { id: "forkchat.join", title: "Join as…" },
  { id: "forkchat.open", title: "Open" },
] as const;

/** `\name ARGUMENT`, as help and errors show it. */
export function usage(spec: CommandSpec): string {
  return `\\${spec.name}${spec.argument === null ? "" : ` ${spec.argument.usage}`}`;
}

export function findCommand(word: string): CommandSpec | undefined {
  return commands.find((spec) => spec.name === word || spec.aliases.includes(word));
}

export function commandSpec(name: CommandName): CommandSpec {
  const spec = findCommand(name);
  if (spec === undefined) throw new Error(`The table lacks ${name}`);
  return spec;
}
