// The name suggested when joining, and the memory of the last one.
import { userInfo } from "node:os";
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { proposeName } from "../../core/people/nameProposal.ts";
import { nameErrorText } from "../../core/texts/refusals.ts";
import { readSettings } from "../vscode/settings.ts";

const NAME_KEY = "forkchat.lastName";
/** Characters of a configured name that are shown. */
const SHOWN_CHARACTERS = 64;

export class OwnName {
  readonly #workspaceState: vscode.Memento;
  readonly #globalState: vscode.Memento;

  constructor({
    workspaceState,
    globalState,
  }: Pick<vscode.ExtensionContext, "workspaceState" | "globalState">) {
    this.#workspaceState = workspaceState;
    this.#globalState = globalState;
  }

  /**
   * The configured name, this window's last one, the last one used anywhere, or the system user, made valid if
   * necessary; or an empty name. `why`: what is wrong with the configured name, in sentences.
   */
  proposed(): { readonly name: string; readonly why: readonly string[] } {
    const set = readSettings().name;
    const { problem } = proposeName(set);
    const shown = set.slice(0, SHOWN_CHARACTERS);
    const why =
      set === "" || problem === null
        ? []
        : [
            l10n.t("The setting forkchat.name is “{0}”, which can't be used.", shown),
            nameErrorText(problem, shown),
          ];
    const memories = [this.#workspaceState, this.#globalState].map((state) => state.get<string>(NAME_KEY));
    const name = [set, ...memories, systemUser()]
      .map((candidate) => proposeName(candidate ?? "").name)
      .find((candidate) => candidate !== undefined);
    return { name: name ?? "", why };
  }

  /** As requested: a number appended by the server applied only then. */
  async remember(name: string): Promise<void> {
    await this.#workspaceState.update(NAME_KEY, name);
    await this.#globalState.update(NAME_KEY, name);
  }
}

function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // Some containers run as a user without a name.
    return undefined;
  }
}
