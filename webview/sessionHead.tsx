// The head of a private session: whose it is, how it is connected, how sure it is who is there. Rendered by the panel.
import type { ComponentChildren } from "preact";
import type { SessionView } from "../protocol/webview.ts";
import { LockIcon, PathIcon, UnverifiedIcon, VerifiedIcon } from "./icons.tsx";
import type { PanelStore } from "./panelStore.ts";

type Peer = NonNullable<SessionView["peer"]>;

const verifiedWords: Record<Peer["verified"], string> = {
  nobody: "not verified",
  me: "you verified",
  peer: "they verified",
  both: "verified",
};

type SessionHeadProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly peer: Peer;
};

export function SessionHead({ store, session, peer }: SessionHeadProps) {
  const { name, mark, number } = session;
  const { path, verified, introducedBy, text } = peer;
  return (
    <div class="session-head" role="group" aria-label={`Private session with ${name}`} title={text}>
      <h2 class="whose">
        <bdi class="name">{name}</bdi> {mark === undefined ? null : <span class="mark">{mark}</span>}
      </h2>
      <ul class="facts" role="list">
        <Fact kind={`path ${path}`} icon={<PathIcon path={path} />}>
          {session.state === "ended" ? "ended" : path === "none" ? "away" : path}
        </Fact>
        <Fact kind="encrypted" icon={<LockIcon />}>
          encrypted
        </Fact>
        <Fact
          kind={`verified-by ${verified}`}
          icon={verified === "both" ? <VerifiedIcon /> : <UnverifiedIcon />}
        >
          {verifiedWords[verified]}
        </Fact>
        {introducedBy === undefined ? null : (
          <Fact kind="introduced" icon={null}>
            introduced by <bdi>{introducedBy}</bdi>
          </Fact>
        )}
      </ul>
      <button
        class="secondary verify-button"
        type="button"
        aria-label={`Verify ${name}`}
        aria-haspopup="dialog"
        title={`Compare numbers, to be sure that this is ${name}`}
        onClick={() => store.send({ type: "verify", session: number, open: true })}
      >
        Verify
      </button>
    </div>
  );
}

type FactProps = {
  readonly kind: string;
  readonly icon: ComponentChildren;
  readonly children: ComponentChildren;
};

function Fact({ kind, icon, children }: FactProps) {
  return (
    <li class={`fact ${kind}`}>
      {icon}
      <span>{children}</span>
    </li>
  );
}
