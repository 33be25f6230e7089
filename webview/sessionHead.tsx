// The head of a private session: whose it is, how it is connected, how sure it is who is there, how the server is.
// Rendered by the panel.
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { PanelState, SessionView } from "../protocol/webview.ts";
import { LockIcon, PathIcon, ServerIcon, UnverifiedIcon, VerifiedIcon } from "./icons.tsx";
import type { PanelStore } from "./panelStore.ts";
import { filled } from "./richL10n.tsx";
import { sessionStates, texts } from "./texts.ts";

type Peer = NonNullable<SessionView["peer"]>;

const verifiedWords: Record<Peer["verified"], string> = {
  nobody: l10n.t("not verified"),
  me: l10n.t("you verified"),
  peer: l10n.t("they verified"),
  both: l10n.t("verified"),
};

const pathWords: Record<Peer["path"], string> = {
  direct: l10n.t("direct"),
  relayed: l10n.t("relayed"),
  none: sessionStates.away,
};

type SessionHeadProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly peer: Peer;
  readonly server: PanelState["connection"];
};

export function SessionHead({ store, session, peer, server }: SessionHeadProps) {
  const { name, mark, number } = session;
  const { path, verified, introducedBy, text } = peer;
  const connected = session.state === "ended" ? sessionStates.ended : pathWords[path];
  const up = server.status === "online";
  return (
    <div class="session-head" role="group" aria-label={l10n.t("Private session with {0}", name)} title={text}>
      <h2 class="whose">
        <bdi class="name">{name}</bdi> {mark === undefined ? null : <span class="mark">{mark}</span>}
      </h2>
      <ul class="facts" role="list">
        <li class="fact">
          <button
            class={`path ${path}`}
            type="button"
            aria-label={texts.diagnoseState(connected)}
            title={`${text}\n${texts.diagnose}`}
            onClick={() => store.send({ type: "run", command: "diagnose" })}
          >
            <PathIcon path={path} />
            <span>{connected}</span>
          </button>
        </li>
        <Fact kind="encrypted" icon={<LockIcon />}>
          {l10n.t("encrypted")}
        </Fact>
        <Fact
          kind={`verified-by ${verified}`}
          icon={verified === "both" ? <VerifiedIcon /> : <UnverifiedIcon />}
        >
          {verifiedWords[verified]}
        </Fact>
        <Fact kind={`server ${up ? "up" : "down"}`} icon={<ServerIcon up={up} />} title={server.text}>
          {up ? l10n.t("server up") : l10n.t("server down")}
        </Fact>
        {introducedBy === undefined ? null : (
          <Fact kind="introduced" icon={null}>
            {filled((name) => l10n.t("introduced by {0}", name), <bdi>{introducedBy}</bdi>)}
          </Fact>
        )}
      </ul>
      <button
        class="secondary verify-button"
        type="button"
        aria-label={l10n.t("Verify {0}", name)}
        aria-haspopup="dialog"
        title={l10n.t("Compare numbers, to be sure that this is {0}", name)}
        onClick={() => store.send({ type: "verify", session: number, open: true })}
      >
        {l10n.t("Verify")}
      </button>
    </div>
  );
}

type FactProps = {
  readonly kind: string;
  readonly icon: ComponentChildren;
  readonly title?: string;
  readonly children: ComponentChildren;
};

function Fact({ kind, icon, title, children }: FactProps) {
  return (
    <li class={`fact ${kind}`} title={title}>
      {icon}
      <span>{children}</span>
    </li>
  );
}
