// What is wrong with a server's URL, in the reader's language.
import * as l10n from "@vscode/l10n";
import { assertNever } from "../../../protocol/result.ts";
import type { ServerUrlProblem } from "../model/serverAddress.ts";

/** A sentence part without a period. */
export function serverUrlProblemText({ kind }: ServerUrlProblem): string {
  switch (kind) {
    case "no-scheme":
    case "scheme":
      return l10n.t("a server URL must start with ws:// or wss://");
    case "blanks":
      return l10n.t("a server URL must not contain spaces or line breaks");
    case "host":
      return l10n.t("the host name in the server URL is not valid");
    case "port":
      return l10n.t("the port in a server URL must be between 1 and 65535");
    case "credentials":
      return l10n.t("a server URL must not contain a user name or password");
    case "fragment":
      return l10n.t("a server URL must not contain a “#”");
    case "zone":
      return l10n.t(
        "link-local IPv6 addresses (fe80::…) don't work in a server URL; use the server's name or another of its addresses",
      );
    default:
      return assertNever(kind);
  }
}
