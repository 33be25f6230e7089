// Handles the messages of the panel's page: validates each, then passes it to the store or to VS Code.
import { validate } from "../../../protocol/codec.ts";
import { bodyOf } from "../../../protocol/messageContent.ts";
import { nameKey } from "../../../protocol/names.ts";
import { assertNever } from "../../../protocol/result.ts";
import { parseLine } from "../../core/commands/commandLine.ts";
import type { Command, CommandName } from "../../core/model/commands.ts";
import type { State } from "../../core/model/state.ts";
import { type HostMessage, PageMessage, type SessionNumber } from "../../../protocol/webview.ts";
import { logFailure } from "../vscode/failureLog.ts";
import type { PageActions } from "./pageActions.ts";
import type { PageLink } from "./pageLink.ts";
import type { Store } from "../store/store.ts";

export type PageContext = {
  readonly store: Store;
  readonly log: { warn(text: string): void };
  /** What the page can do in VS Code itself. */
  readonly actions: Pick<PageActions, "openLink" | "openFile" | "copyText" | "insertCode" | "code">;
  readonly run: (command: Extract<PageMessage, { type: "run" }>["command"]) => void;
};

/** @param post answers the page that sent the message */
export function receivePageMessage(
  { store, log, run, actions }: PageContext,
  link: PageLink,
  post: (message: HostMessage) => void,
  raw: unknown,
): void {
  const decoded = validate(PageMessage, raw);
  if (!decoded.ok) {
    log.warn(`The page sent an invalid message: ${decoded.error.detail}`);
    return;
  }
  const message = decoded.value;
  switch (message.type) {
    case "ready":
      return link.ready(message.above);
    case "reading":
      return link.reading(message.session, message.atEnd);
    case "submit":
      logFailure(
        submit(store, message).then((answer) => {
          // Show the result before answering: text written in the meantime is meant for the new session.
          link.catchUp();
          post({ type: "submitted", id: message.id, ...answer });
        }),
      );
      if (commandOf(message)?.name === "fork") post({ type: "asking", id: message.id });
      return;
    case "detach":
      return store.dispatch({ type: "user/attach", session: message.session, attachment: null });
    case "activate":
      return store.dispatch({ type: "user/activate", session: message.session });
    case "leave":
      return store.dispatch({ type: "user/leave", session: message.session });
    case "cancelFork":
      return store.dispatch({ type: "user/cancelFork", id: message.id });
    case "more":
      return link.more(message.session, message.before);
    case "draft":
      link.wrote(message);
      return store.dispatch({ ...message, type: "user/draft" });
    case "retry":
      return store.dispatch({ type: "user/retry", session: message.session, id: message.id });
    case "discard":
      return store.dispatch({ type: "user/discard", session: message.session, id: message.id });
    case "verify":
      return store.dispatch({ type: "user/verify", session: message.session, open: message.open });
    case "verified":
      return store.dispatch({ type: "user/verified", session: message.session, value: message.value });
    case "retract":
      return store.dispatch({ type: "user/retract", session: message.session, index: message.index });
    case "react": {
      const { session, index, text, on } = message;
      return store.dispatch({ type: "user/react", session, index, text, on });
    }
    case "typing":
      return store.dispatch({ type: "user/typing", session: message.session, value: message.value });
    case "openLink":
      return actions.openLink(message.url);
    case "openFile":
      return actions.openFile(message.reference);
    case "code":
      return actions.code(message, post);
    case "copyText":
      return logFailure(
        actions.copyText(message.text).then((done) => {
          if (done) post({ type: "copied", id: message.id });
        }),
      );
    case "insertCode":
      return actions.insertCode(message.text);
    case "run":
      return run(message.command);
    default:
      assertNever(message);
  }
}

/** Commands that switch the user to a session. */
const LEADING: ReadonlySet<CommandName> = new Set<CommandName>(["fork", "switch", "lobby", "leave"]);

type Answer = Pick<Extract<HostMessage, { type: "submitted" }>, "accepted" | "to">;

type Submit = Extract<PageMessage, { type: "submit" }>;

/** The command in a line; null if the line is a message, an edit, or no known command. */
function commandOf({ text, about }: Submit): Command | null {
  const line = about?.kind === "edit" ? null : parseLine(text);
  return line?.ok === true && line.value.type === "command" ? line.value.command : null;
}

/** Not accepted: a message could not be sent, or a command failed. */
async function submit(store: Store, message: Submit): Promise<Answer> {
  const { session, attached } = message;
  const { ok } = await store.request((request) => ({
    ...{ type: "user/submit", request, session },
    ...bodyOf(message),
    ...(attached === undefined ? {} : { attached }),
  }));
  const command = commandOf(message);
  const leads = ok && command !== null && LEADING.has(command.name);
  return leads ? { accepted: ok, to: ledTo(store.state, command) } : { accepted: ok };
}

/** The session a fork opened, even if the user has moved on to another one in the meantime. */
function ledTo({ sessions, active }: State, { name, argument }: Command): SessionNumber {
  if (name !== "fork") return active;
  const key = nameKey(argument);
  const opened = sessions.find(
    (each) => each.kind === "peer" && nameKey(each.peer) === key && each.link !== "ended",
  );
  return opened?.number ?? active;
}
