// Asks before lines of code are shown to others where that may be a mistake.
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { isSecretPath, looksSecret } from "../../core/code/secrets.ts";
import type { Session } from "../../core/model/session.ts";
import { confirmLoudly } from "../vscode/notify.ts";

export type Shared = {
  /** Where it would be sent. */
  readonly session: Session;
  readonly server: string;
  /** The file it is from, if any. */
  readonly path?: string;
  readonly text: string;
  /** The button that agrees. */
  readonly action?: string;
};

/** Servers in whose lobby the user has agreed to show code. */
const LOBBIES_KEY = "forkchat.codeInLobby";

const keep = l10n.t("Keep Private");

/** The latest servers that are remembered. */
const LOBBIES = 100;

export class ShareQuestions {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Whether `mayShare` would ask. */
  asks(shared: Shared): boolean {
    return this.#asksAboutLobby(shared) || needsQuestion(shared);
  }

  /** Resolves with whether the user agrees, or there was nothing to ask. */
  async mayShare(shared: Shared): Promise<boolean> {
    return (await this.#mayShowInLobby(shared)) && (await mayShowSecret(shared));
  }

  /** The same for words without code. */
  maySay(shared: Shared): Promise<boolean> {
    return mayShowSecret(shared);
  }

  #lobbies(): string[] {
    const known = this.#memory.get<unknown>(LOBBIES_KEY);
    return Array.isArray(known) ? known.filter((each) => typeof each === "string") : [];
  }

  #asksAboutLobby({ session, server }: Shared): boolean {
    return session.kind === "lobby" && !this.#lobbies().includes(server);
  }

  /** Once per server. */
  async #mayShowInLobby(shared: Shared): Promise<boolean> {
    if (!this.#asksAboutLobby(shared)) return true;
    const { server, action = l10n.t("Attach") } = shared;
    const isAgreed = await confirmLoudly(
      l10n.t("Show code to everyone in the lobby?"),
      l10n.t("Everyone there, and whoever runs the server, can read this."),
      { action, instead: keep },
    );
    if (isAgreed) await this.#memory.update(LOBBIES_KEY, [...this.#lobbies(), server].slice(-LOBBIES));
    return isAgreed;
  }
}

/** Whether the user is asked each time before this is sent. */
export function needsQuestion({ path, text }: Pick<Shared, "path" | "text">): boolean {
  return looksSecret(text) || (path !== undefined && isSecretPath(path));
}

async function mayShowSecret(shared: Shared): Promise<boolean> {
  if (!needsQuestion(shared)) return true;
  const { session, path, text, action = l10n.t("Attach") } = shared;
  const isSecret = looksSecret(text);
  const receiver = receiverText(session);
  return confirmLoudly(
    isSecret
      ? l10n.t("This looks like a private key or an access token. Send it to {0}?", receiver)
      : l10n.t("{0} may hold secrets. Send this to {1}?", nameOf(path ?? ""), receiver),
    l10n.t("Once it is sent, it can't be taken back."),
    { action, instead: keep },
  );
}

/** Who gets what is sent in a session. */
function receiverText(session: Session): string {
  return session.kind === "lobby" ? l10n.t("everyone in the lobby") : session.peer;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
