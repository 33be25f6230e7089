// One event's way through the core: the state as it becomes, and the effects so far. Lives for one `update` only;
// that is why it may change while the state it holds may not.
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

  /** An id for a message or a request to the server, never used before by any window. */
  newMessageId(): MessageId {
    const { instance, nextMessage } = this.state;
    this.set({ nextMessage: nextMessage + 1 });
    return `${instance}.${nextMessage}` as MessageId;
  }

  /** A new id that nobody can guess. */
  newId(): string {
    this.#ids += 1;
    return this.#ids === 1 ? this.#unique : `${this.#unique}-${this.#ids}`;
  }

  /** Answers a request; without one there is nobody to tell. */
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

  /** Tells the user in the active session, and the request's caller. */
  fail(request: RequestId | null, failure: Failure): void {
    this.notice(this.state.active, "error", failure.text);
    this.settle(request, err(failure));
  }

  /** Answers a request with what came of it; a failure is shown as well. */
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

  /** Changes what sessions of both kinds have. */
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

  /** Counts a line of somebody else's that has been added, unless it is being looked at. */
  countUnread(number: SessionNumber): void {
    const session = this.session(number);
    if (session === undefined) return;
    if (this.isLookedAt(number)) return;
    // Where all was read, what is new begins here: also for a reader who has gone further up.
    const newFrom = (session.unread > 0 ? session.newFrom : null) ?? session.transcript.end - 1;
    this.setSession(number, { unread: session.unread + 1, newFrom });
  }

  /** Whether the user sees what comes in a session: at its end. */
  isLookedAt(number: SessionNumber): boolean {
    const { visible, focused, active, above } = this.state;
    return visible && focused && active === number && !above.includes(number);
  }

  activate(number: SessionNumber): void {
    // Who goes on has read what was new here.
    const former = this.session(this.state.active);
    if (former !== undefined && former.number !== number && former.unread === 0) {
      this.setSession(former.number, { newFrom: null });
    }
    this.set({ active: number });
    this.look();
  }

  /** What can be seen now is read. */
  look(): void {
    const { active, notes } = this.state;
    if (!this.isLookedAt(active)) return;
    this.setSession(active, { unread: 0, told: attentive.told });
    // What has been looked at is no news any more.
    if (notes.length > 0) this.set({ notes: notes.filter(({ session }) => session !== active) });
  }
}
