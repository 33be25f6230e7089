// Files that are dropped on a person or a session in the trees.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { nameKey } from "../../../protocol/names.ts";
import type { ForkView } from "../../../protocol/webview.ts";
import type { PeerSession, Session } from "../../core/model/session.ts";
import type { Store } from "../store/store.ts";
import { showInfo } from "../vscode/notify.ts";
import type { FileOffers } from "./fileOffers.ts";

const Forked = v.object({ ok: v.literal(true) });

type Options = {
  readonly store: Pick<Store, "state">;
  readonly offers: Pick<FileOffers, "offerAll">;
};

export class FileDrops {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async onSession(row: Session | ForkView | undefined, data: vscode.DataTransfer): Promise<void> {
    // Read before anything else: the data is there only for a moment.
    const files = await droppedFiles(data);
    if (row !== undefined && "kind" in row && row.kind === "peer" && row.link !== "ended")
      await this.#offer(row, files);
    else await showInfo(l10n.t("Drop files on another person or on an open private session."));
  }

  async onPerson(name: string | undefined, data: vscode.DataTransfer): Promise<void> {
    const files = await droppedFiles(data);
    const { me } = this.#options.store.state;
    if (name === undefined || me === null || nameKey(me.name) === nameKey(name)) {
      await showInfo(l10n.t("Drop files on another person or on an open private session."));
      return;
    }
    const session = this.#sessionWith(name) ?? (await this.#openSession(name));
    if (session !== undefined) await this.#offer(session, files);
  }

  async #offer(session: PeerSession, { uris, unreadable }: Dropped): Promise<void> {
    await this.#options.offers.offerAll(session, uris);
    const [first] = unreadable;
    if (first === undefined) return;
    await showInfo(
      l10n.t(
        "{0} can't be read from here. Hold Shift and drop it onto the message to {1}.",
        first,
        session.peer,
      ),
    );
  }

  #sessionWith(name: string): PeerSession | undefined {
    return this.#options.store.state.sessions.find(
      (each): each is PeerSession =>
        each.kind === "peer" && each.link !== "ended" && nameKey(each.peer) === nameKey(name),
    );
  }

  async #openSession(name: string): Promise<PeerSession | undefined> {
    const open = l10n.t("Open Private Session");
    const question = l10n.t("To send files to {0}, you need a private session with them.", name);
    if ((await showInfo(question, open)) !== open) return undefined;
    const outcome = await vscode.commands.executeCommand("forkchat.forkPerson", name);
    return v.is(Forked, outcome) ? this.#sessionWith(name) : undefined;
  }
}

type Dropped = {
  readonly uris: readonly vscode.Uri[];
  /** Names of files whose bytes only the page could read. */
  readonly unreadable: readonly string[];
};

/** Files of the Explorer and of tabs come as a list of addresses, those of the system one by one, and perhaps also in the list. */
async function droppedFiles(data: vscode.DataTransfer): Promise<Dropped> {
  const found = new Map<string, vscode.Uri>();
  const unreadable: string[] = [];
  const add = (uri: vscode.Uri): Map<string, vscode.Uri> => found.set(uri.toString(), uri);
  const files = [...data].flatMap(([, item]) => item.asFile() ?? []);
  const list = (await data.get("text/uri-list")?.asString()) ?? "";
  for (const line of list.split(/\r?\n/u).map((each) => each.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const uri = parsedUri(line);
    if (uri === null) unreadable.push(line.slice(0, 100));
    else add(uri);
  }
  for (const { uri, name } of files) {
    if (uri !== undefined) add(uri);
    else if (list === "") unreadable.push(name);
  }
  return { uris: [...found.values()], unreadable };
}

/** Null for a text that is no address: another program may have dropped it. */
export function parsedUri(text: string): vscode.Uri | null {
  try {
    return vscode.Uri.parse(text, true);
  } catch {
    return null;
  }
}
