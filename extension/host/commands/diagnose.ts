// “Chat: Diagnose Connection”: shows how everything is connected, and checks the server if there is no connection to
// it.
import * as l10n from "@vscode/l10n";
import { diagnosis } from "../../core/view/diagnosis.ts";
import type { ServerCheck } from "../../core/model/serverCheck.ts";
import type { Store } from "../store/store.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import { readSettings } from "../vscode/settings.ts";

type Options = {
  readonly store: Store;
  readonly documents: ReadOnlyDocuments;
  readonly checkServer: (url: string) => Promise<ServerCheck>;
};

export async function diagnose({ store, documents, checkServer }: Options): Promise<void> {
  const { connection, me } = store.state;
  const check =
    connection.status === "online" ? null : await checkServer(me?.server ?? readSettings().serverUrl);
  const text = diagnosis(store.state, Date.now(), check);
  await documents.preview(`${l10n.t("Fork Chat connections")}.md`, text);
}
