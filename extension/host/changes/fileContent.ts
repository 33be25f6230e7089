// What the bytes of a file hold: text in an encoding that VS Code knows, or other data.
import * as vscode from "vscode";
import type { OwnFile } from "../../core/changes/plan.ts";

/** As far as git looks for a zero, which no text has. */
const PROBED_BYTES = 8_000;

export async function contentOf(bytes: Uint8Array, uri: vscode.Uri): Promise<OwnFile> {
  const wide = wideEncoding(bytes);
  if (wide !== null) {
    const text = await vscode.workspace.decode(bytes, { encoding: wide });
    return { text: withoutBom(text), encoding: wide, bom: true };
  }
  if (bytes.subarray(0, PROBED_BYTES).includes(0)) return { bytes };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text: withoutBom(text), encoding: "utf8", bom: text.startsWith(BOM) };
  } catch {
    return inOwnEncoding(bytes, uri);
  }
}

const BOM = "\ufeff";

function withoutBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}

function wideEncoding(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf16le";
  return first === 0xfe && second === 0xff ? "utf16be" : null;
}

/** The one that is set for the file, if it has all of these bytes. */
async function inOwnEncoding(bytes: Uint8Array, uri: vscode.Uri): Promise<OwnFile> {
  const encoding = vscode.workspace.getConfiguration("files", uri).get<string>("encoding") ?? "utf8";
  if (encoding.startsWith("utf")) return { bytes };
  const text = await vscode.workspace.decode(bytes, { encoding });
  const again = await vscode.workspace.encode(text, { encoding });
  return Buffer.compare(again, bytes) === 0 ? { text, encoding, bom: false } : { bytes };
}
