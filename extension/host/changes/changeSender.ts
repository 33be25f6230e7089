// Puts changes of the user's files into the composer of a private session, from where they are sent with what is typed.
import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { FileId } from "../../../protocol/bulk.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { basesFor } from "../../core/changes/bases.ts";
import { type WantedChanges, wantedChanges } from "../../core/changes/changesArgument.ts";
import { partOf } from "../../core/changes/summary.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { choosePeer } from "../transfers/choosePeer.ts";
import { showInfo } from "../vscode/notify.ts";
import type { ChangeBodies } from "./changeBodies.ts";
import { chooseChanges, type ChosenPlace } from "./changePicker.ts";

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly bodies: Pick<ChangeBodies, "keep">;
  /** Shows a session's composer. */
  readonly show: (session: SessionNumber) => void;
};

/** What is to be sent, and from where. */
type Wish = { readonly wanted: WantedChanges; readonly place: ChosenPlace };

export class ChangeSender {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param given a commit or a range, or what a menu of source control passes */
  async send(given: readonly unknown[]): Promise<void> {
    const session = await choosePeer(this.#options.store.state, {
      pick: l10n.t("Select who gets the changes"),
      why: l10n.t("Changes go from one window to another, so they need a private session."),
    });
    if (session === undefined) return;
    const wish = wishOf(given);
    if (wish === null)
      await showInfo(l10n.t("Git does not know this commit or branch, or the commit has no parent."));
    else await this.#attach(session, wish);
  }

  /** What was typed in a session. */
  async sendTyped(number: SessionNumber, wanted: WantedChanges): Promise<void> {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    if (session?.kind === "peer") await this.#attach(session, { wanted, place: {} });
  }

  async #attach({ number, pin }: PeerSession, { wanted, place }: Wish): Promise<void> {
    const { store, bodies, show } = this.#options;
    const conversation = conversationId(store.state, number);
    const chosen = await chooseChanges(wanted, place);
    if (chosen === null) return;
    const { set } = chosen;
    const texts = basesFor(set, chosen.bases);
    const bases = texts === null ? {} : { bases: await bodies.keep(pin, newId(), texts) };
    const part = partOf(set, { ...(await bodies.keep(pin, newId(), set)), ...bases });
    // The session may have ended meanwhile.
    const to = destination(store.state, number, conversation);
    if (!to.ok) {
      await showInfo(to.error);
      return;
    }
    store.dispatch({ type: "user/attach", session: number, attachment: { part } });
    show(number);
  }
}

function newId(): FileId {
  return v.parse(FileId, randomBytes(16).toString("base64url"));
}

const UNCOMMITTED: WantedChanges = { kind: "uncommitted" };

/** Menus pass a repository, a group of its files, or files. Null for a text that cannot be meant. */
function wishOf(given: readonly unknown[]): Wish | null {
  const [first] = given;
  if (typeof first === "string") {
    const wanted = wantedChanges(first);
    return wanted === null ? null : { wanted, place: {} };
  }
  const root = uriIn(first, "rootUri");
  if (root !== null) return { wanted: UNCOMMITTED, place: { root } };
  const isGroup = isObject(first) && Array.isArray(first["resourceStates"]);
  const states: readonly unknown[] = isGroup ? (first["resourceStates"] as unknown[]) : given;
  const files = states.flatMap((state) => uriIn(state, "resourceUri") ?? []);
  const wanted: WantedChanges = isGroup && first["id"] === "index" ? { kind: "staged" } : UNCOMMITTED;
  return { wanted, place: files.length === 0 ? {} : { files } };
}

function uriIn(value: unknown, name: string): vscode.Uri | null {
  const uri = isObject(value) ? value[name] : undefined;
  return uri instanceof vscode.Uri ? uri : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
