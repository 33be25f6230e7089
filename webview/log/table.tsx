// A command's answer in two columns, or with hanging indents where there is no room for them. Copied text has a line for each
// row, with what divides its parts: the dividers are in the text, and cannot be seen between columns.
import { divider, type Table } from "../../protocol/webview.ts";
import { visibleText } from "../base/visibleText.ts";

/** From here on characters are two columns wide in most fonts with fixed columns. */
const WIDE = "\u1100";

/** Rows of a folded table: as many as there is room for. */
export const FOLDED_ROWS = 40;

/** @param most how many of its rows are shown */
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
              // A session's name may run the other way, and what is said about it after that does not.
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
