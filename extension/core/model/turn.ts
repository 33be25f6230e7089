// The processing of one event: the state so far, and the effects so far. It lives for one `update` only, so it may
// change while the state it holds may not.
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { MessageId } from "../../../protocol/fields.ts";
import type { Entry, SessionNumber } from "../../../protocol/webview.ts";
import type { Effect } from "./effects.ts";
import type { Failure, RequestId } from "./outcome.ts";
import type { Stamp } from "./events.ts";
import { attentive, type LobbySession, type PeerSession, type Session } from "./session.ts";
import type { State } from "./state.ts";
import { append } from "./transcript.ts";

export class Turn {
  state: State;
  readonly effects: Effect[] = [];
  readonly at: number;
  readonly random: number;
  readonly #unique: string;
  #ids = 0;

  constructor(state: State, stamp: Stamp) {
    this.state = state;
    this.at = stamp.at;
    this.random = stamp.random;
    this.#unique = stamp.unique;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  emit(...effects: Effect[]): void {
    this.effects.push(...effects);
  }

  /** A new id for a message or a server request, unique among all windows. */
  newMessageId(): MessageId {
    const { instance, nextMessage } = this.state;
    this.set({ nextMessage: nextMessage + 1 });
    return `${instance}.${nextMessage}` as MessageId;
  }

  /** A new unguessable id. */
  newId(): string {
    this.#ids += 1;
    return this.#ids === 1 ? this.#unique : `${this.#unique}-${this.#ids}`;
  }

  /** Answers a request, if there is one. */
  settle(request: RequestId | null, result: Result<undefined, Failure>): void {
    if (request === null) return;
    this.emit({
      type: "settle",
      request,
      outcome: result.ok ? { ok: true } : { ok: false, ...result.error },
    });
  }

  succeed(request: RequestId | null): void {
    this.settle(request, ok(undefined));
  }

  /** Shows a failure in the active session, and reports it to the request's caller. */
  fail(request: RequestId | null, failure: Failure, session = this.state.active): void {
    this.notice(session, "error", failure.text);
    this.settle(request, err(failure));
  }

  /** Answers a request with its result; a failure is also shown. */
  answerTo(request: RequestId | null, result: Result<undefined, Failure>): void {
    if (result.ok) this.succeed(request);
    else this.fail(request, result.error);
  }

  get lobby(): LobbySession {
    return this.state.sessions[0];
  }

  session(number: SessionNumber): Session | undefined {
    return this.state.sessions.find((session) => session.number === number);
  }

  setLobby(change: Partial<LobbySession>): void {
    const [lobby, ...peers] = this.state.sessions;
    this.set({ sessions: [{ ...lobby, ...change }, ...peers] });
  }

  setPeer(number: SessionNumber, change: Partial<PeerSession>): void {
    const [lobby, ...peers] = this.state.sessions;
    this.set({
      sessions: [lobby, ...peers.map((peer) => (peer.number === number ? { ...peer, ...change } : peer))],
    });
  }

  /** Changes fields that sessions of both kinds have. */
  setSession(number: SessionNumber, change: Partial<Omit<LobbySession, "kind" | "number">>): void {
    if (number === this.lobby.number) this.setLobby(change);
    else this.setPeer(number, change);
  }

  /** Adds a line to a session's transcript. */
  add(number: SessionNumber, entry: Entry): void {
    const session = this.session(number);
    if (session === undefined) return;
    this.setSession(number, { transcript: append(session.transcript, entry) });
  }

  notice(number: SessionNumber, level: "info" | "error", text: string): void {
    this.add(number, { kind: "notice", level, at: this.at, text });
  }

  /** Counts a new line from someone else as unread, unless it is visible. */
  countUnread(number: SessionNumber): void {
    const session = this.session(number);
    if (session === undefined) return;
    if (this.isLookedAt(number)) return;
    // If everything was read, new messages begin here, even for a reader who is further up.
    const newFrom = (session.unread > 0 ? session.newFrom : null) ?? session.transcript.end - 1;
    this.setSession(number, { unread: session.unread + 1, newFrom });
  }

  /** Whether the user sees new lines in a session: at its end, in a visible panel. */
  isLookedAt(number: SessionNumber): boolean {
    const { visible, focused, active, above } = this.state;
    return visible && focused && active === number && !above.includes(number);
  }

  activate(number: SessionNumber): void {
    // A user who moves on has read what was new here.
    const former = this.session(this.state.active);
    if (former !== undefined && former.number !== number && former.unread === 0) {
      this.setSession(former.number, { newFrom: null });
    }
    this.set({ active: number });
    this.look();
  }

  /** Marks what is visible as read. */
  look(): void {
    const { active, notes } = this.state;
    if (!this.isLookedAt(active)) return;
    this.setSession(active, { unread: 0, told: attentive.told });
    // What has been looked at needs no notification anymore.
    if (notes.length > 0) this.set({ notes: notes.filter(({ session }) => session !== active) });
  }
}
