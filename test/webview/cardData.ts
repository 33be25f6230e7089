// Messages with lines of code, as their author's window puts them together.
import { writeCode } from "../../protocol/codeText.ts";
import type { CodePart } from "../../protocol/part.ts";
import type { MessageEntry } from "../../protocol/webview.ts";
import { TOKEN } from "../support/core.ts";
import { told } from "./talkData.ts";

export const CODE = `export async function close(pool: Pool): Promise<void> {
  if (pool.closed) return; // twice is once
  pool.closed = true;
  await Promise.all(pool.idle.map((one) => one.end("bye")));
}`;

export const LONG_CODE = Array.from(
  { length: 48 },
  (_, at) => `  const value${at} = read(${at}); // line`,
).join("\n");

type Given = {
  readonly words?: string;
  readonly heading?: string;
  readonly code?: string;
  readonly path?: string;
  readonly from?: number;
  readonly part?: Partial<Pick<CodePart, "language" | "unsaved">> & {
    readonly severity?: "error" | "warning";
  };
};

/** A message with the number `seq` and a card. */
export function card(from: string, seq: number, given: Given = {}, rest: Partial<MessageEntry> = {}) {
  const { words = "", heading = "", code = CODE, path = "src/pool/close.ts", from: first = 12 } = given;
  const range = { from: first, to: first + code.split("\n").length - 1 };
  const { severity, ...more } = given.part ?? {};
  const fields = { path, range, language: "typescript", ...more };
  const part = {
    ...fields,
    ...{ salt: TOKEN, before: "", after: "" },
    ...(severity === undefined ? { kind: "code" as const } : { kind: "problem" as const, severity }),
  };
  const { text, at } = writeCode({ words, heading, code }, part);
  return told(from, text, seq, { part: { ...part, at }, ...rest });
}

export const cards: MessageEntry[] = [
  card("bobby", 1, { words: "Is it **closed** twice here?", part: { unsaved: true } }),
  card("anna", 2, { code: "pool.close();", path: "test/pool.test.ts", from: 30 }),
  card("bobby", 3, { code: LONG_CODE, path: "packages/server/src/connections/pools/deep/in/it/values.ts" }),
  card("carmen", 4, {
    heading: "error ts(2339): Property 'closed' does not exist on type 'Pool'.\nDid you mean 'close'?",
    code: "  if (pool.closed) return;",
    part: { severity: "error" },
  }),
  told("anna", "That is it.", 5, { reply: { from: "bobby", text: "src/pool/close.ts:12-16", index: 0 } }),
  card("anna", 6, { words: "Fixed like this:", code: "if (pool.isClosed) return;\nreturn;" }),
];
