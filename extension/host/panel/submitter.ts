// Passes what is typed in the composers to the store. Asks before a message that looks like a secret is sent.
import * as l10n from "@vscode/l10n";
import { bodyOf } from "../../../protocol/messageContent.ts";
import { nameKey } from "../../../protocol/names.ts";
import {
  isCommandLine,
  type Draft,
  type HostMessage,
  type PageMessage,
  type SessionNumber,
} from "../../../protocol/webview.ts";
import { looksSecret } from "../../core/code/secrets.ts";
import { parseLine } from "../../core/commands/commandLine.ts";
import type { Command, CommandName } from "../../core/model/commands.ts";
import type { State } from "../../core/model/state.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import type { ShareQuestions } from "../code/mayShare.ts";
import type { Store } from "../store/store.ts";
import { type HeldMessage, HeldMessages } from "./heldMessages.ts";

/** Commands that switch the user to a session. */
const LEADING: ReadonlySet<CommandName> = new Set<CommandName>(["fork", "switch", "lobby", "leave"]);

/** Not accepted: a message could not be sent, the user declined to send it, or a command failed. */
type Answer = Pick<Extract<HostMessage, { type: "submitted" }>, "accepted" | "to">;

type Submit = Extract<PageMessage, { type: "submit" }>;

type Options = {
  readonly store: Pick<Store, "state" | "request" | "dispatch">;
  readonly questions: Pick<ShareQuestions, "maySay">;
  readonly warn: (text: string) => void;
};

export class Submitter {
  readonly #options: Options;
  /** Sessions with an open question: whether the last line may be sent. Later lines wait for it. */
  readonly #waiting = new Map<SessionNumber, Promise<boolean>>();
  readonly #held = new HeldMessages();

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param asking called when a command asks another person */
  async submit(line: Submit, asking: () => void): Promise<Answer> {
    const { session } = line;
    const before = this.#waiting.get(session);
    if (before === undefined && !mayBeMistake(line)) return this.#pass(line, asking);
    const held = this.#heldMessage(line);
    if (held !== null) this.#held.add(session, held);
    const maySend = this.#maySend(line, before);
    this.#waiting.set(session, maySend);
    const isAgreed = await maySend;
    if (this.#waiting.get(session) === maySend) this.#waiting.delete(session);
    const draft = held === null ? null : this.#held.remove(session, held);
    if (!isAgreed) return { accepted: false };
    const answer = await this.#pass(line, asking);
    // Sending has cleared the draft, in which other lines may stand.
    if (answer.accepted && draft !== null) this.#options.store.dispatch({ ...draft, type: "user/draft" });
    return answer;
  }

  /** What to keep as the draft while a composer has this: no message is lost if the window closes before it is sent. */
  draft(written: Draft): Draft {
    return this.#held.draft(written);
  }

  #heldMessage(line: Submit): HeldMessage | null {
    if (!isMessage(line)) return null;
    const session = this.#options.store.state.sessions.find(({ number }) => number === line.session);
    const about = session?.draftAbout ?? null;
    const isAbout = about?.kind === line.about?.kind && about?.index === line.about?.index;
    return { text: line.text, about: isAbout ? about : null };
  }

  /** Messages behind one that was declined return with it, in their order. Commands run in any case. */
  async #maySend(line: Submit, before: Promise<boolean> | undefined): Promise<boolean> {
    const isHeld = (await before) === false;
    if (!isMessage(line)) return true;
    return !isHeld && (!mayBeMistake(line) || (await this.#isAgreed(line)));
  }

  async #isAgreed({ session, text }: Submit): Promise<boolean> {
    const { store, questions, warn } = this.#options;
    const conversation = conversationId(store.state, session);
    const before = destination(store.state, session, conversation);
    // The store says why it cannot be sent.
    if (!before.ok) return true;
    if (!(await questions.maySay({ ...before.value, text, action: l10n.t("Send") }))) return false;
    // The user may have left while they were asked.
    const after = destination(store.state, session, conversation);
    if (!after.ok) warn(after.error);
    return after.ok;
  }

  async #pass(line: Submit, asking: () => void): Promise<Answer> {
    const { store } = this.#options;
    const { session, attached } = line;
    const outcome = store.request((request) => ({
      ...{ type: "user/submit", request, session },
      ...bodyOf(line),
      ...(attached === undefined ? {} : { attached }),
    }));
    const command = commandOf(line);
    if (command?.name === "fork") asking();
    const { ok } = await outcome;
    const leads = ok && command !== null && LEADING.has(command.name);
    return leads ? { accepted: ok, to: ledTo(store.state, command) } : { accepted: ok };
  }
}

function isMessage({ text, about }: Submit): boolean {
  return about?.kind === "edit" || !isCommandLine(text);
}

function mayBeMistake(line: Submit): boolean {
  return isMessage(line) && looksSecret(line.text);
}

/** The command in a line; null if the line is a message, an edit, or no known command. */
function commandOf(line: Submit): Command | null {
  const parsed = isMessage(line) ? null : parseLine(line.text);
  return parsed?.ok === true && parsed.value.type === "command" ? parsed.value.command : null;
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
