// The implementation of each command in package.json: those of the table, and those that only the palette and the trees
// have. Arguments come from keybindings and scripts, and are validated like any other input.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { nameKey } from "../../../protocol/names.ts";
import {
  type Completes,
  type SessionNumber,
  SessionNumber as SessionNumberSchema,
} from "../../../protocol/webview.ts";
import { unreadText } from "../../core/texts/attentionTexts.ts";
import { presenceOf } from "../../core/people/presence.ts";
import { type Command, commands, type CommandSpec, completions } from "../../core/model/commands.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import { kindText, sessionName } from "../../core/view/selectors.ts";
import { LOBBY } from "../../core/model/session.ts";
import { presenceText } from "../../core/texts/sessionTexts.ts";
import type { State } from "../../core/model/state.ts";
import type { ServerCheck } from "../../core/model/serverCheck.ts";
import { targets } from "../../core/view/targets.ts";
import { pickItem } from "../vscode/boxes.ts";
import { diagnose } from "./diagnose.ts";
import { clearHistory } from "./clearHistory.ts";
import { type CodeCommandOptions, codeHandlers, type Handler } from "./codeCommands.ts";
import { exportTranscript } from "./exportTranscript.ts";
import type { History } from "../storage/history.ts";
import { searchMessages } from "./searchMessages.ts";
import type { ContextKeys } from "../vscode/contextKeys.ts";
import type { Invitations } from "../joining/inviteLink.ts";
import type { JoinFlow } from "../joining/joinFlow.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import type { Panel } from "../panel/panel.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import type { ServerTerminal } from "../joining/serverTerminal.ts";
import type { Store } from "../store/store.ts";

type Options = CodeCommandOptions & {
  readonly store: Store;
  readonly panel: Panel;
  readonly joinFlow: JoinFlow;
  readonly server: ServerTerminal;
  readonly invitations: Invitations;
  readonly documents: ReadOnlyDocuments;
  readonly contextKeys: ContextKeys;
  readonly history: History;
  readonly checkServer: (url: string) => Promise<ServerCheck>;
};

const JoinArguments = v.object({ name: v.optional(v.string()), server: v.optional(v.string()) });
const Argument = v.union([
  v.pipe(v.string(), v.trim(), v.minLength(1)),
  v.pipe(v.number(), v.transform(String)),
]);
const usageOutcome: Outcome = {
  ok: false,
  code: "usage",
  text: "forkchat.join takes { name?: string, server?: string }.",
};

/** A row of the tree "Sessions", as VS Code passes it to an inline action. */
const SessionRow = v.object({ number: SessionNumberSchema });

const ForkRow = v.object({ id: v.string() });

/** Commands whose result is shown in the panel. */
const showsPanel = new Set<Command["name"]>([
  ...(["users", "sessions", "help", "fork", "switch", "lobby", "verify", "introduce", "where"] as const),
]);

/** Keyed by command id. */
export function commandHandlers(options: Options): ReadonlyMap<string, Handler> {
  const { store, panel, joinFlow, server } = options;
  return new Map<string, Handler>([
    ...commands.map((spec): [string, Handler] => [spec.id, (argument) => runTyped(options, spec, argument)]),
    [
      "forkchat.join",
      (argument) => {
        const given = v.safeParse(v.optional(JoinArguments, {}), argument);
        if (!given.success) return usageOutcome;
        const { name, server: url } = given.output;
        return joinFlow.join({
          ...(name === undefined ? {} : { name }),
          ...(url === undefined ? {} : { server: url }),
        });
      },
    ],
    ["forkchat.startServer", () => joinFlow.startServer()],
    [
      "forkchat.stopServer",
      () => {
        if (!server.stop()) logFailure(showInfo(l10n.t("No Fork Chat server is running in this window.")));
      },
    ],
    ["forkchat.open", () => panel.reveal()],
    ["forkchat.showInEditor", () => showAt(options, "editor")],
    ["forkchat.showInPanel", () => showAt(options, "panel")],
    ["forkchat.copyInvite", () => options.invitations.copy()],
    ["forkchat.diagnose", () => diagnose(options)],
    ["forkchat.searchMessages", () => searchMessages({ ...options, show: revealEntry(options) })],
    ["forkchat.find", () => panel.tell({ type: "find" })],
    ["forkchat.exportTranscript", () => exportTranscript(store.state)],
    ...codeHandlers({ ...options, reveal: revealEntry(options) }),
    ["forkchat.showWhereIAm", () => options.code.showWhereIAm(store.state.active)],
    ["forkchat.startNote", () => options.code.startNote()],
    ["forkchat.sendNote", (argument) => options.code.sendNote(argument)],
    ["forkchat.cancelNote", (argument) => options.code.cancelNote(argument)],
    ["forkchat.resolveNote", (argument) => options.code.resolveNote(argument)],
    [
      "forkchat.showNote",
      (argument) => {
        const message = options.code.messageOf(argument);
        if (message === undefined) return;
        show(options, message.session);
        revealEntry(options)(message.session, message.index);
      },
    ],
    ["forkchat.clearHistory", () => clearHistory(store, options.history, options.files)],
    [
      "forkchat.showSession",
      (argument) => {
        const number = v.safeParse(SessionNumberSchema, argument);
        if (number.success) show(options, number.output);
      },
    ],
    [
      "forkchat.forkPerson",
      (argument) => {
        const name = v.safeParse(v.string(), argument);
        return name.success ? forkFromTree(options, name.output) : undefined;
      },
    ],
    [
      "forkchat.leaveRow",
      (argument) => {
        const row = v.safeParse(SessionRow, argument);
        if (row.success) store.dispatch({ type: "user/leave", session: row.output.number });
      },
    ],
    [
      "forkchat.cancelForkRow",
      (argument) => {
        const row = v.safeParse(ForkRow, argument);
        if (row.success) store.dispatch({ type: "user/cancelFork", id: row.output.id });
      },
    ],
  ]);
}

async function runTyped(options: Options, spec: CommandSpec, raw: unknown): Promise<Outcome | undefined> {
  if (spec.name === "verify" && !(await goToPeer(options))) return undefined;
  const given = v.safeParse(Argument, raw);
  const argument =
    spec.argument === null ? "" : given.success ? given.output : await pickWords(options, spec);
  if (argument === undefined) return undefined;
  return run(options, { name: spec.name, argument });
}

/** Runs a command. VS Code shows errors that are not visible in the panel. */
async function run({ store, panel }: Options, command: Command): Promise<Outcome> {
  // Before the command, not after it: by then the user may have moved on.
  if (store.state.me !== null && showsPanel.has(command.name)) panel.reveal();
  const outcome = await store.request((request) => ({ type: "user/command", request, command }));
  // A dialog asks about waiting messages, and a canceled request is no error.
  const isShown =
    outcome.ok || outcome.code === "unsent-messages" || outcome.code === "cancelled" || panel.visible;
  if (!isShown) logFailure(showWarning(outcome.text));
  return outcome;
}

/** Shows the page there from now on. */
async function showAt({ panel, contextKeys }: Options, location: "editor" | "panel"): Promise<void> {
  if (location === "panel") contextKeys.showPanelView();
  panel.reveal(location);
  await vscode.workspace
    .getConfiguration("forkchat")
    .update("location", location, vscode.ConfigurationTarget.Global);
}

function show({ store, panel }: Options, session: SessionNumber): void {
  // In this order: nobody writes to the session that was shown before.
  store.dispatch({ type: "user/activate", session });
  panel.reveal();
}

/** Shows an entry of a session. */
function revealEntry({ store, panel }: Options): (session: SessionNumber, index: number) => void {
  return (session, index) => {
    store.dispatch({ type: "user/activate", session });
    panel.tell({ type: "reveal", session, index });
  };
}

/** The tree's Fork works from anywhere: it switches to the lobby first, because a fork needs that. */
function forkFromTree(options: Options, name: string): Promise<Outcome> {
  options.store.dispatch({ type: "user/activate", session: LOBBY });
  return run(options, { name: "fork", argument: name });
}

/** Safety numbers belong to private sessions: in the lobby, the user chooses one first. */
async function goToPeer({ store }: Options): Promise<boolean> {
  if (store.state.me === null || store.state.active !== LOBBY) return true;
  const items = sessionItems(store).filter(({ argument }) => argument !== String(LOBBY));
  if (items.length === 0) {
    logFailure(showInfo(l10n.t("You have no private sessions yet. “Chat: Fork…” opens one.")));
    return false;
  }
  const chosen = await pickItem(items, l10n.t("Select a session to verify"));
  const session = store.state.sessions.find(({ number }) => String(number) === chosen?.argument);
  if (session !== undefined) store.dispatch({ type: "user/activate", session: session.number });
  return session !== undefined;
}

/** Lets the user pick each word of an argument, without those already picked. */
async function pickWords({ store }: Options, spec: CommandSpec): Promise<string | undefined> {
  const words: string[] = [];
  for (const completes of completions(spec)) {
    const { items, none, placeholder } = picks[completes](store, words);
    if (items.length === 0) {
      logFailure(showInfo(none));
      return undefined;
    }
    const picked = await pickItem(items, placeholder);
    if (picked === undefined) return undefined;
    words.push(picked.argument);
  }
  return words.join(" ");
}

type Pick = { readonly items: Item[]; readonly none: string; readonly placeholder: string };

const picks: Readonly<Record<Completes, (store: Store, picked: readonly string[]) => Pick>> = {
  forkable: ({ state }) => ({
    items: present(state, targets(state, "forkable")),
    none: l10n.t("There's no one online to open a private session with."),
    placeholder: l10n.t("Select a person"),
  }),
  blockable: ({ state }) => ({
    items: present(state, targets(state, "blockable")),
    none: l10n.t("There's no one to block."),
    placeholder: l10n.t("Select a person"),
  }),
  session: (store) => ({ items: sessionItems(store), none: "", placeholder: l10n.t("Select a session") }),
  asking: ({ state }) => ({
    items: named(targets(state, "asking")),
    none: l10n.t("There are no open requests."),
    placeholder: l10n.t("Select a request"),
  }),
  blocked: ({ state }) => ({
    items: named(targets(state, "blocked")),
    none: l10n.t("No one is blocked."),
    placeholder: l10n.t("Select a person to unblock"),
  }),
  linked: ({ state }, [first]) => ({
    items: named(
      targets(state, "linked").filter((name) => first === undefined || nameKey(name) !== nameKey(first)),
    ),
    none: l10n.t("To introduce two people, you need a private session with each of them."),
    placeholder:
      first === undefined ? l10n.t("Select a person to introduce") : l10n.t("Introduce {0} to…", first),
  }),
  connected: ({ state }) => ({
    items: present(state, targets(state, "connected")),
    none: l10n.t("You have no private sessions yet. “Chat: Fork…” opens one."),
    placeholder: l10n.t("Select a person"),
  }),
};

type Item = vscode.QuickPickItem & { readonly argument: string };

function named(names: readonly string[]): Item[] {
  return names.map((name) => ({ label: name, argument: name }));
}

/** With each person's presence. */
function present(state: State, names: readonly string[]): Item[] {
  return names.map((name) => ({
    label: name,
    description: presenceText(presenceOf(state, name)),
    argument: name,
  }));
}

function sessionItems(store: Store): Item[] {
  const { sessions, active } = store.state;
  return sessions.map((session) => {
    return {
      label: sessionName(session),
      description: `${session.number === active ? "*" : ""}${session.number} (${kindText(session)})`,
      ...(session.unread > 0 ? { detail: unreadText(session.unread) } : {}),
      argument: String(session.number),
    };
  });
}
