// A command's answer in two columns, or with hanging indents where there is no room for them. Copied text has one line
// per row, with separators: these are in the text, but invisible between columns.
import { divider, type Table } from "../../protocol/webview.ts";
import { visibleText } from "../base/visibleText.ts";

/** Characters from here on are two columns wide in most monospace fonts. */
const WIDE = "\u1100";

/** Rows shown of a folded table. */
export const FOLDED_ROWS = 40;

/** @param most the maximum number of rows shown */
export function TableRows({ table, most }: { readonly table: Table; readonly most: number }) {
  const { of, name } = table;
  const between = divider(table);
  const rows = table.rows
    .slice(0, most)
    .map(([term, description]) => [visibleText(term), visibleText(description)] as const);
  const widest = rows.reduce((width, [term]) => Math.max(width, columns(term)), 0);
  return (
    <>
      {of === "people" ? <div class="table-name">{name}</div> : null}
      <ul class="rows" aria-label={name} style={{ "--term": `${String(widest + between.length)}ch` }}>
        {rows.map(([term, description], at) => (
          <li key={at}>
            <span class="term">
              <bdi>{term}</bdi>
              {description === "" ? null : <span class="between">{between}</span>}
            </span>
            {description === "" ? null : (
              // A session's name may be right-to-left, but its description is not.
              <bdi class="description" dir={of === "sessions" ? "ltr" : "auto"}>
                {description}
              </bdi>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function columns(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (character < WIDE ? 1 : 2), 0);
}
