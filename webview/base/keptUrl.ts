// The addresses of files that this machine keeps. The host has put that of their folder into the document.
import type { KeptFile } from "../../protocol/webview.ts";

/** Tests load parts of the page without a document. */
const root = typeof document === "undefined" ? null : document.getElementById("root");

export function keptUrl({ path }: KeptFile): string {
  return [root?.dataset["pictures"] ?? "", ...path.split("/").map(encodeURIComponent)].join("/");
}
