// The card of a message that brings changes: which files, with how many lines, and what to look out for.
import { useComputed } from "@preact/signals";
import { useContext } from "preact/hooks";
import { type CardWarning, warningOf } from "../../protocol/changesCard.ts";
import type { ChangesPart, ListedChange } from "../../protocol/changesPart.ts";
import type { MessageEntry, PageMessage, TransferView } from "../../protocol/webview.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { changesTexts } from "../base/changesTexts.ts";
import { fileTexts } from "../base/fileTexts.ts";
import { Counts } from "../base/counts.tsx";
import { ChangesIcon, SeverityIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";
import { Reached } from "../markdown/textContext.ts";
import type { LogContext } from "./logContext.ts";

type ChangesCardProps = {
  readonly context: LogContext;
  readonly part: ChangesPart;
  readonly entry: MessageEntry;
  /** Null for a message in flight: the host does not know it by a number yet. */
  readonly index: number | null;
  readonly id: string | undefined;
};

type Action = Extract<PageMessage, { type: "changes" }>["action"];

export function ChangesCard({ context, part, entry, index, id }: ChangesCardProps) {
  const reached = useContext(Reached);
  const { store, number } = context;
  const { files, added, removed, list } = part;
  const { own } = entry;
  const transfer = useComputed(() =>
    store.model.value?.state.transfers.find(
      (one) => one.session === number && one.id === part.id && one.own === own,
    ),
  ).value;
  const hidden = files - list.length;
  const statusId = id === undefined ? undefined : `${id}-status`;
  const button = (name: string, action: Action) => (
    <button
      class="link"
      type="button"
      tabIndex={reached ? 0 : -1}
      onClick={() => store.send({ type: "changes", action, session: number, index: index ?? 0 })}
    >
      {name}
    </button>
  );
  return (
    <div
      class="card changes"
      role="group"
      id={id === undefined ? undefined : `${id}-card`}
      aria-label={changesTexts.name(files)}
      aria-describedby={statusId}
    >
      <div class="code-head">
        <ChangesIcon />
        <span class="found-in">{changesTexts.files(files)}</span>
        <Counts added={added} removed={removed} />
      </div>
      <ul class="changed-files">
        {list.map((file) => (
          <Row key={file.path} file={file} />
        ))}
        {hidden > 0 ? (
          <li class="aside">{list.length === 0 ? changesTexts.notListed : changesTexts.more(hidden)}</li>
        ) : null}
      </ul>
      <div class="card-foot">
        <span
          class={`file-state ${transfer?.state.phase ?? ""}`}
          role="status"
          aria-live="polite"
          id={statusId}
        >
          {statusText(transfer?.state, entry)}
        </span>
        {index === null ? null : (
          <span class="file-actions">
            {button(changesTexts.review, "review")}
            {button(changesTexts.apply, "apply")}
            {button(changesTexts.save, "save")}
          </span>
        )}
      </div>
    </div>
  );
}

/** Changes are there at once, as a rule: only what keeps them is said, and what the user has done with them. */
function statusText(
  state: TransferView["state"] | undefined,
  { own, applied, at }: Pick<MessageEntry, "own" | "applied" | "at">,
): string {
  switch (state?.phase) {
    case "waiting":
    case "running":
    case "verifying":
      return own ? changesTexts.sending : changesTexts.fetching;
    case "paused":
      return state.by === "disk" ? fileTexts.pausedFor(state.reason) : fileTexts.paused[state.by];
    default:
      return applied === undefined ? endText(state) : changesTexts.applied(applied, at);
  }
}

function endText(state: TransferView["state"] | undefined): string {
  switch (state?.phase) {
    case "failed":
      return changesTexts.failed[state.why];
    case "canceled":
    case "declined":
      return changesTexts.failed.gone;
    case "received":
      return changesTexts.here;
    case "sent":
      return changesTexts.sent;
    default:
      return "";
  }
}

function Row({ file }: { readonly file: ListedChange }) {
  const { kind, path, oldPath, lines } = file;
  const warning = warningOf(file);
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
        {lines === undefined ? <span class="aside">{changesTexts.binary}</span> : <Counts {...lines} />}
      </div>
      {warning === null ? null : <Warning of={warning} />}
    </li>
  );
}

function Warning({ of }: { readonly of: CardWarning }) {
  return (
    <div class="risk">
      <SeverityIcon severity="warning" name={cardTexts.severity.warning} />
      <span>{changesTexts.warnings[of]}</span>
    </div>
  );
}
