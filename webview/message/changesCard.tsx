// The card of changes that were sent: which files, with how many lines, and what to look out for.
import type { CardFile, ChangesCard as Card } from "../../protocol/changesCard.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { changesTexts } from "../base/changesTexts.ts";
import { ChangesIcon, SeverityIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";

type ChangesCardProps = {
  readonly card: Card;
  readonly id: string | undefined;
  /** Whether its buttons are Tab stops. */
  readonly reached: boolean;
  readonly onAct: (action: "review" | "apply" | "save") => void;
};

/** Files that a card lists. Those with a warning come first. */
const LISTED = 8;

export function ChangesCard({ card: { files, added, removed }, id, reached, onAct }: ChangesCardProps) {
  const ordered = [...files.filter(isRisky), ...files.filter((file) => !isRisky(file))];
  const hidden = files.length - LISTED;
  const button = (name: string, action: "review" | "apply" | "save") => (
    <button class="link" type="button" tabIndex={reached ? 0 : -1} onClick={() => onAct(action)}>
      {name}
    </button>
  );
  return (
    <div
      class="card changes"
      role="group"
      id={id === undefined ? undefined : `${id}-card`}
      aria-label={changesTexts.name(files.length)}
    >
      <div class="code-head">
        <ChangesIcon />
        <span class="found-in">{changesTexts.files(files.length)}</span>
        <Counts added={added} removed={removed} />
      </div>
      <ul class="changed-files">
        {ordered.slice(0, LISTED).map((file) => (
          <Row key={file.path} file={file} />
        ))}
        {hidden > 0 ? <li class="aside">{changesTexts.more(hidden)}</li> : null}
      </ul>
      <div class="card-foot">
        {button(changesTexts.review, "review")}
        {button(changesTexts.apply, "apply")}
        {button(changesTexts.save, "save")}
      </div>
    </div>
  );
}

function isRisky({ warning }: CardFile): boolean {
  return warning !== null;
}

function Row({ file: { kind, path, oldPath, lines, warning } }: { readonly file: CardFile }) {
  const what = oldPath === undefined ? changesTexts.kinds[kind] : changesTexts.movedFrom(oldPath);
  return (
    <li>
      <div class="changed-file">
        <span class="found-in">
          <Place path={path} />
        </span>
        {kind === "modified" ? null : (
          <span class="aside kind" title={what}>
            {changesTexts.kinds[kind]}
          </span>
        )}
        {lines === null ? <span class="aside">{changesTexts.binary}</span> : <Counts {...lines} />}
      </div>
      {warning === null ? null : (
        <div class="warning">
          <SeverityIcon severity="warning" name={cardTexts.severity.warning} />
          <span>{changesTexts.warnings[warning]}</span>
        </div>
      )}
    </li>
  );
}

function Counts({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <span class="counts" role="img" aria-label={changesTexts.lines(added, removed)}>
      <span class="added">+{added}</span> <span class="removed">−{removed}</span>
    </span>
  );
}
