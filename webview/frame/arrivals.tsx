// Announces messages in hidden sessions: where, how many and from whom. The visible session's log announces its own.
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionNumber, SessionView } from "../../protocol/webview.ts";
import { entryAt, type Chunks } from "../store/chunks.ts";
import type { PanelModel } from "../store/panelReducer.ts";
import { texts } from "../base/texts.ts";

/** Milliseconds in which arrivals are collected, so that a busy lobby is announced in sentences. */
const GATHER_MS = 1_000;

export function Arrivals({ model }: { readonly model: PanelModel }) {
  const { sessions } = model.state;
  const [text, setText] = useState("");
  const latest = useRef(model);
  latest.current = model;
  const told = useRef(unreadOf(sessions));
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      const before = told.current;
      told.current = unreadOf(latest.current.state.sessions);
      setText(arrived(latest.current, before));
    }, GATHER_MS);
  }, [sessions]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <p class="unseen arrivals" aria-live="polite">
      {text}
    </p>
  );
}

type Unread = ReadonlyMap<SessionNumber, number>;

function unreadOf(sessions: readonly SessionView[]): Unread {
  return new Map(sessions.map(({ number, unread }) => [number, unread]));
}

function arrived({ state, logs }: PanelModel, before: Unread): string {
  return state.sessions
    .filter(({ number, muted }) => number !== state.active && !muted)
    .filter(({ number, unread }) => unread > (before.get(number) ?? 0))
    .map(({ number, name, unread }) =>
      number === 0
        ? texts.unreadInLobby(unread, lastAuthor(logs.get(number)) ?? name)
        : texts.unreadFrom(unread, name),
    )
    .join("\n");
}

function lastAuthor(log: Chunks | undefined): string | undefined {
  if (log === undefined) return undefined;
  for (let index = log.end - 1; index >= log.first; index--) {
    const entry = entryAt(log, index);
    if (entry?.kind === "message" && !entry.own) return entry.from;
  }
  return undefined;
}
