// The servers and windows of one test file, each in its place, and what two of them say to each other.
import assert from "node:assert/strict";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess, type WindowStart, type WindowState } from "../support/windowProcess.ts";
import type { Place } from "./topology.ts";

export type Person = { readonly name: string; readonly place: Place; readonly window: WindowProcess };
type LinkPath = "direct" | "relayed";

/** Everything that a test file has running. */
export class Cast {
  readonly #servers: ServerProcess[] = [];
  readonly #windows: WindowProcess[] = [];
  #dismissed = false;

  /** @param host the address that it listens at, and is known by */
  async server(place: Place, host: string, ...args: readonly string[]): Promise<ServerProcess> {
    const all = ["--host", host, "--port", "0", "--insecure", ...args];
    const server = new ServerProcess(all, undefined, place.within);
    this.#servers.push(server);
    await server.listening();
    return server;
  }

  /** A window that has joined, at the server itself or at the URL of a proxy. */
  async person(
    name: string,
    place: Place,
    server: Pick<ServerProcess, "url">,
    start: WindowStart = {},
  ): Promise<Person> {
    const window = await WindowProcess.start(start, place.within);
    this.#windows.push(window);
    // The caller may have timed out meanwhile.
    if (this.#dismissed) await this.dismiss();
    const outcome = await window.join(name, server.url);
    assert.equal(outcome.ok, true, outcome.text);
    return { name, place, window };
  }

  /** Ends everything, and what is only about to begin. */
  async dismiss(): Promise<void> {
    this.#dismissed = true;
    await Promise.all(this.#windows.splice(0).map((window) => window.kill()));
    await Promise.all(this.#servers.splice(0).map((server) => server.stop("SIGKILL")));
  }
}

/** A private session of two, and all that they have said in it. */
export class Session {
  readonly both: readonly [Person, Person];
  readonly #said: readonly [string[], string[]] = [[], []];

  private constructor(caller: Person, callee: Person) {
    this.both = [caller, callee];
  }

  /** One of them forks the other. */
  static async open(caller: Person, callee: Person): Promise<Session> {
    await caller.window.until(`${callee.name} in the lobby`, ({ users }) => users.includes(callee.name));
    await caller.window.run("\\lobby");
    const outcome = await caller.window.run(`\\fork ${callee.name}`);
    assert.equal(outcome.ok, true, outcome.text);
    const session = new Session(caller, callee);
    await session.until("an open session", (state, peer) => sessionWith(state, peer)?.link === "open");
    return session;
  }

  /** Resolves when the condition holds for both. */
  async until(
    what: string,
    holds: (state: WindowState, peer: string) => boolean,
    ms?: number,
  ): Promise<void> {
    const [a, b] = this.both;
    await Promise.all(
      [
        { window: a.window, peer: b.name },
        { window: b.window, peer: a.name },
      ].map(({ window, peer }) => window.until(`${what} with ${peer}`, (state) => holds(state, peer), ms)),
    );
  }

  async untilLinked(path: LinkPath, ms?: number): Promise<void> {
    await this.until(`a ${path} link`, (state, peer) => wireWith(state, peer)?.link?.path === path, ms);
  }

  /** How they are connected now; the same on both sides, or it is no answer. */
  async path(): Promise<LinkPath | undefined> {
    const [a, b] = this.both;
    const [stateOfA, stateOfB] = await Promise.all([a.window.state(), b.window.state()]);
    const paths = [wireWith(stateOfA, b.name)?.link?.path, wireWith(stateOfB, a.name)?.link?.path];
    return paths[0] === paths[1] ? paths[0] : undefined;
  }

  /** Why dials have failed since there was a link last. */
  async failures(): Promise<string[]> {
    const states = await Promise.all(this.both.map(({ window }) => window.state()));
    return states.flatMap(({ wires: channels }) => channels.flatMap(({ failure }) => failure ?? []));
  }

  /** Where the other of the two believes this one to be. */
  async addressesOf({ name }: Person): Promise<string[] | undefined> {
    const [a, b] = this.both;
    const state = await (name === a.name ? b : a).window.state();
    return wireWith(state, name)?.addresses.map(({ host }) => host);
  }

  /** Resolves when the other of the two believes this one to be there, perhaps among other places. */
  async untilKnown({ name }: Person, address: string): Promise<void> {
    const [a, b] = this.both;
    await (name === a.name ? b : a).window.until(
      `${name} at ${address}`,
      (state) => wireWith(state, name)?.addresses.some(({ host }) => host === address) === true,
    );
  }

  /** Both say something, several times, without waiting for each other. */
  async talk(): Promise<void> {
    await this.#enter();
    for (let times = 0; times < 5; times += 1) {
      await Promise.all(
        this.both.map(async ({ name, window }, i) => {
          const text = `${name} ${(this.#said[i]?.length ?? 0) + 1}`;
          this.#said[i]?.push(text);
          const outcome = await window.type(text);
          assert.equal(outcome.ok, true, outcome.text);
        }),
      );
    }
  }

  /** Resolves when each has read all of the other's and knows that it was read; all of it once and in order. */
  async untilRead(ms?: number): Promise<void> {
    const [a, b] = this.both;
    await this.until(
      "everything read and confirmed",
      (state, peer) => {
        const session = sessionWith(state, peer);
        const wanted = this.#said[peer === a.name ? 0 : 1].length;
        return session !== undefined && session.heard >= wanted && session.pending.length === 0;
      },
      ms,
    );
    for (const [{ window }, { name: peer }] of [this.both, [b, a] as const]) {
      const messages = await window.messages(peer);
      for (const [i, { name }] of this.both.entries()) {
        assert.deepEqual(
          messages.filter((line) => line.startsWith(`${name}: `) && !line.startsWith(`${name}: File: `)),
          this.#said[i]?.map((text) => `${name}: ${text}`),
        );
      }
    }
  }

  async talkAndRead(): Promise<void> {
    await this.talk();
    await this.untilRead();
  }

  /** Ends it for both. */
  async leave(): Promise<void> {
    await this.#enter();
    const [{ window }] = this.both;
    await window.run("\\leave");
    await this.until("no session", (state, peer) => wireWith(state, peer) === undefined);
  }

  /** What they type goes to this session. */
  async #enter(): Promise<void> {
    const [a, b] = this.both;
    await Promise.all([a.window.run(`\\switch ${b.name}`), b.window.run(`\\switch ${a.name}`)]);
  }
}

function wireWith(state: WindowState, peer: string): WindowState["wires"][number] | undefined {
  return state.wires.find((channel) => channel.peer === peer);
}

function sessionWith(state: WindowState, peer: string): WindowState["sessions"][number] | undefined {
  return state.sessions.find((session) => session.peer === peer && session.link !== "ended");
}
