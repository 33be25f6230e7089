// The card of a message that offers a file: its name and size, how far it is, and what can be done with it.
import { useComputed } from "@preact/signals";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { FileId, FilePart } from "../../protocol/bulk.ts";
import type { KeptFile, PageMessage, TransferView } from "../../protocol/webview.ts";
import { durationText, fileTexts, rateText, sizeText } from "../base/fileTexts.ts";
import { FileIcon } from "../base/icons.tsx";
import { shownName } from "../markdown/card.ts";
import { Reached } from "../markdown/textContext.ts";
import type { LogContext } from "./logContext.ts";
import { Picture } from "./picture.tsx";

type FileCardProps = {
  readonly context: LogContext;
  readonly part: FilePart;
  /** What this machine keeps of it. */
  readonly kept: KeptFile | undefined;
  /** The user offers it. */
  readonly own: boolean;
  /** Its offer may still count: it is not from an earlier session. */
  readonly isCurrent: boolean;
  /** Null for a message in flight: the host does not know it by a number yet. */
  readonly index: number | null;
  readonly id: string | undefined;
};

type State = TransferView["state"];
type Action = Extract<PageMessage, { type: "file" }>["action"];

export function FileCard({ context, part, kept, own, isCurrent, index, id }: FileCardProps) {
  const reached = useContext(Reached);
  const { store, number, canAct } = context;
  const transfer = useComputed(() =>
    store.model.value?.state.transfers.find(
      (one) => one.session === number && one.id === part.id && one.own === own,
    ),
  ).value;
  const name = shownName(part);
  const state = stateOf(transfer, own, canAct && isCurrent);
  const isKeptOnly = kept?.unsaved === true && (state === null || state.phase === "received");
  const status =
    keptText(kept, isKeptOnly) ??
    (state === null && kept !== undefined ? "" : statusText(state, transfer, part, own));
  const heard = useHeard(state, name, status, own);
  const statusId = id === undefined ? undefined : `${id}-status`;
  const act = (action: Action) => () => {
    if (index !== null) store.send({ type: "file", action, session: number, index });
  };
  const waiting = useComputed(() => countBehind(store.model.value?.state.transfers, number, part.id)).value;
  const offers =
    index === null || !(canAct || isKeptOnly) || kept?.declined === true
      ? []
      : isKeptOnly
        ? keptActions(kept)
        : actionsIn(state, own, waiting);
  return (
    <div
      class="card file"
      role="group"
      id={id === undefined ? undefined : `${id}-card`}
      aria-label={fileTexts.name(name)}
      aria-describedby={statusId}
    >
      <div class="file-head">
        <FileIcon />
        <span class="file-name found-in">
          <bdi dir="auto">{name}</bdi>
        </span>
        <span class="file-size">{sizeText(part.size)}</span>
      </div>
      {kept?.picture === undefined ? null : (
        <Picture {...{ kept, name, reached }} size={kept.picture} onOpen={act("open")} />
      )}
      {isUnderWay(state) ? <Bar name={name} bytes={transfer?.bytes ?? 0} size={part.size} /> : null}
      <div class="card-foot">
        {/* Percents are not read out while they change: see `useHeard`. */}
        <span class={`file-state ${state?.phase ?? ""}`} role="status" aria-live="off" id={statusId}>
          {status}
        </span>
        {offers.length === 0 ? null : (
          <span class="file-actions">
            {offers.map(([action, text]) => (
              <button key={text} class="link" type="button" tabIndex={reached ? 0 : -1} onClick={act(action)}>
                {text}
              </button>
            ))}
          </span>
        )}
      </div>
      <span class="unseen" aria-live="polite">
        {heard}
      </span>
    </div>
  );
}

/** A transfer that the host does not know yet is an offer, unless it is from an earlier time. */
function stateOf(transfer: TransferView | undefined, own: boolean, counts: boolean): State | null {
  if (transfer !== undefined) return transfer.state;
  return own || !counts ? null : { phase: "offered" };
}

function isUnderWay(state: State | null): boolean {
  return state !== null && ["waiting", "running", "verifying", "paused"].includes(state.phase);
}

/** Files that wait for an answer, if this is the newest of several: then its card can save all of them. */
function countBehind(transfers: readonly TransferView[] | undefined, session: number, id: FileId): number {
  const offered = (transfers ?? []).filter(
    (one) => one.session === session && !one.own && one.state.phase === "offered",
  );
  return offered.length > 1 && offered.at(-1)?.id === id ? offered.length : 0;
}

/** Why a file that came without asking is not shown, and what became of it; null if there is nothing to say of that. */
function keptText(kept: KeptFile | undefined, isKeptOnly: boolean): string | null {
  if (kept?.declined === true) return fileTexts.noPictureDeclined;
  return isKeptOnly && kept?.picture === undefined ? fileTexts.noPicture : null;
}

/** A file that came without asking and cannot be shown is of no use here. */
function keptActions({ picture }: KeptFile): (readonly [Action, string])[] {
  const { save, decline } = fileTexts;
  return picture === undefined
    ? [
        ["save", save],
        ["cancel", decline],
      ]
    : [["save", save]];
}

/** @param waiting how many files the card can save at once; 0 if it is about its own only */
function actionsIn(state: State | null, own: boolean, waiting: number): (readonly [Action, string])[] {
  const { save, saveAll, decline, show, pause, resume, cancel } = fileTexts;
  switch (state?.phase) {
    case "offered":
      return own
        ? [["cancel", cancel]]
        : [
            ...(waiting === 0 ? [] : ([["saveAll", saveAll(waiting)]] as const)),
            ["save", save],
            ["cancel", decline],
          ];
    case "waiting":
    case "running":
      return [
        ["pause", pause],
        ["cancel", cancel],
      ];
    case "paused":
      return state.by === "me" || state.by === "disk"
        ? [
            ["resume", resume],
            ["cancel", cancel],
          ]
        : [
            ["pause", pause],
            ["cancel", cancel],
          ];
    case "received":
      return [["show", show]];
    default:
      return [];
  }
}

function statusText(
  state: State | null,
  transfer: TransferView | undefined,
  { size }: FilePart,
  own: boolean,
): string {
  if (state === null) return fileTexts.unavailable;
  switch (state.phase) {
    case "offered":
      return own ? fileTexts.awaitsAnswer : aheadText(transfer);
    case "waiting":
      return fileTexts.waiting;
    case "running":
      return transfer === undefined ? "" : progressText(transfer, size);
    case "verifying":
      return fileTexts.verifying;
    case "paused":
      return pausedText(state, transfer?.bytes ?? 0, size);
    case "received":
      return fileTexts.received(sizeText(size));
    case "sent":
      return fileTexts.sent(sizeText(size));
    case "declined":
      return fileTexts.declined;
    case "canceled":
      return fileTexts.canceled;
    case "failed":
      return fileTexts.failed(state.why, own);
  }
}

/** Before an offer is accepted, a time is only known if the relay is going to set the pace. */
function aheadText(transfer: TransferView | undefined): string {
  const seconds = transfer?.secondsLeft ?? null;
  return seconds === null ? "" : fileTexts.relayed(durationText(seconds));
}

function progressText({ bytes, rate, secondsLeft }: TransferView, size: number): string {
  return [
    fileTexts.progress(sizeText(bytes), sizeText(size)),
    ...(rate === null ? [] : [rateText(rate)]),
    ...(secondsLeft === null ? [] : [fileTexts.left(durationText(secondsLeft))]),
  ].join(" · ");
}

function pausedText(state: Extract<State, { phase: "paused" }>, bytes: number, size: number): string {
  const why = state.by === "disk" ? fileTexts.pausedFor(state.reason) : fileTexts.paused[state.by];
  return [fileTexts.progress(sizeText(bytes), sizeText(size)), why].join(" · ");
}

type BarProps = { readonly name: string; readonly bytes: number; readonly size: number };

function Bar({ name, bytes, size }: BarProps) {
  const percent = size === 0 ? 100 : Math.floor((100 * bytes) / size);
  return (
    <div
      class="file-bar"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${String(percent)}%` }} />
    </div>
  );
}

/** What is read out: the start, the end and a failure, as they happen. */
function useHeard(state: State | null, name: string, status: string, own: boolean): string {
  const phase = state?.phase;
  const former = useRef(phase);
  const [heard, setHeard] = useState("");
  useEffect(() => {
    const before = former.current;
    former.current = phase;
    if (before === phase || state === null) return;
    const { hears } = fileTexts;
    if (phase === "running" && (before === "offered" || before === "waiting"))
      setHeard(own ? hears.sending(name) : hears.receiving(name));
    else if (isEnd(state)) setHeard(hears.about(name, status));
  }, [phase]);
  return heard;
}

function isEnd(state: State): boolean {
  if (state.phase === "paused") return state.by === "disk";
  return ["received", "sent", "declined", "canceled", "failed"].includes(state.phase);
}
