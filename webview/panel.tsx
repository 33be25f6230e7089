// The whole panel: welcome, or the sessions with the active one's log and composer; below it the connection.
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { PanelState, SessionView } from "../protocol/webview.ts";
import { Composer } from "./composer.tsx";
import { Log } from "./log.tsx";
import type { LogScroll } from "./logScroll.ts";
import type { PanelModel } from "./panelReducer.ts";
import type { PanelStore } from "./panelStore.ts";
import { StatusBar } from "./statusBar.tsx";
import { panelId, Tabs, tabId } from "./tabs.tsx";
import { Welcome } from "./welcome.tsx";

export function Panel({ store }: { readonly store: PanelStore }) {
  const model = store.model.value;
  if (model === null) return null;
  return (
    <div class="panel">
      <Content store={store} model={model} />
      <StatusBar state={model.state} />
    </div>
  );
}

function Content({ store, model }: { readonly store: PanelStore; readonly model: PanelModel }) {
  const { state } = model;
  const active = state.sessions.find(({ number }) => number === state.active);
  if (state.connection.status === "idle" || active === undefined) return <Welcome store={store} />;
  return (
    <>
      <Tabs store={store} sessions={state.sessions} active={active} />
      <Conversation store={store} model={model} session={active} />
    </>
  );
}

type ConversationProps = {
  readonly store: PanelStore;
  readonly model: PanelModel;
  readonly session: SessionView;
};

function Conversation({ store, model, session }: ConversationProps) {
  const scroll = useRef<LogScroll | null>(null);
  const input = useRef<HTMLTextAreaElement | null>(null);
  useSignalEffect(() => {
    if (store.focusRequests.value > 0) input.current?.focus();
  });
  const chunks = model.logs.get(session.number);
  const why = whyNot(session, model.state);
  return (
    <div class="conversation" role="tabpanel" id={panelId} aria-labelledby={tabId(session.number)}>
      <Log key={session.number} store={store} session={session} chunks={chunks} scroll={scroll} />
      <div class="foot">
        {why === null ? null : (
          <p class="why" dir="auto">
            {why}
          </p>
        )}
        <Composer
          store={store}
          session={session}
          source={model.state}
          input={input}
          onPage={(pages) => scroll.current?.byPages(pages)}
        />
      </div>
    </div>
  );
}

/** Why nothing can be said in a session now; null while it is open. */
function whyNot(session: SessionView, state: PanelState): string | null {
  switch (session.state) {
    case "open":
      return null;
    case "closed":
      return `The lobby is closed. ${state.connection.text}`;
    case "ended":
      return `The session with ${session.name} has ended. Its text stays until you leave it.`;
  }
}
