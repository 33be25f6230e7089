// Where lines of code are from. Where there is no room for all of it, its beginning is cut: the
// file and its lines can still be read.
import { lineLabel } from "../../protocol/codeText.ts";
import type { LineRange } from "../../protocol/part.ts";

type PlaceProps = { readonly path: string; readonly range?: LineRange | undefined };

/** Names in a script from right to left would change places with their neighbors. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

export function Place({ path, range }: PlaceProps) {
  const end = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, end);
  const label = range === undefined ? path : lineLabel(path, range);
  return (
    <span class="place" title={label}>
      <bdi dir="ltr">
        <span class="folder">{RIGHT_TO_LEFT.test(folder) ? folder.replaceAll("/", "/\u200e") : folder}</span>
        <bdi dir="ltr">{path.slice(end)}</bdi>
        <span class="lines">{label.slice(path.length)}</span>
      </bdi>
    </span>
  );
}
