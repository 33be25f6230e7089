// Code beside its fences: in chats, people begin it in the line of the first one and end it in that of the second.
import type { Tokens } from "marked";

const OPENING = /^ {0,3}(`{3,}|~{3,})/u;

/** Anything else beside the first fence is code. */
const LANGUAGE = /^[\p{L}\p{Nd}+#._-]*$/u;

/** A block as its author means it, from the one that marked reads: up to a fence in a line of its own, or to the end. */
export function withCodeBesideFences(token: Tokens.Code): Tokens.Code {
  const [opening = "", fence = ""] = OPENING.exec(token.raw) ?? [];
  const [info = "", ...body] = token.raw.slice(opening.length).split("\n");
  const isUsual = LANGUAGE.test(info.trim());
  // Lines of code may end in a fence, as in comments with examples, so one of its own comes first.
  if (isUsual && beforeFence(body.at(-1) ?? "", fence)?.trim() === "") return token;
  const lines = isUsual ? body : [info.trimStart(), ...body];
  const end = lines.findIndex((line) => {
    const code = beforeFence(line, fence);
    return code !== null && (!isUsual || /\S$/u.test(code));
  });
  if (isUsual && end < 0) return token;
  const last = beforeFence(lines[end] ?? "", fence) ?? "";
  const code = end < 0 ? lines : [...lines.slice(0, end), ...(last.trim() === "" ? [] : [last])];
  const rest = end < 0 ? [] : lines.slice(end + 1);
  return {
    ...token,
    raw: token.raw.slice(0, token.raw.length - rest.reduce((sum, line) => sum + 1 + line.length, 0)),
    ...(isUsual ? {} : { lang: "" }),
    text: code.join("\n"),
  };
}

/** What stands before a fence at the end of a line; null if there is none. */
function beforeFence(line: string, fence: string): string | null {
  const [mark] = fence;
  let start = line.trimEnd().length;
  const end = start;
  while (start > 0 && line[start - 1] === mark) start -= 1;
  return end - start < fence.length ? null : line.slice(0, start);
}
