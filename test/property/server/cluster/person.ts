// Someone in the lobby of several servers, whose client finds another server by itself.
import assert from "node:assert/strict";
import type { FakeTime } from "../../../support/fakeTime.ts";
import { LobbyView, type LobbyTruth } from "../../../support/lobbyView.ts";
import type { FakeClient } from "../../../support/rendezvousHarness.ts";
import { TestKey } from "../../../support/testKey.ts";
import type { Server } from "./clusterServer.ts";

/** Milliseconds that the client of someone away waits before it tries a server. */
const AWAY_MS = 300;

/** What a person needs of their world. */
type Surroundings = {
  readonly time: FakeTime;
  readonly truth: LobbyTruth;
  readonly random: () => number;
  readonly servers: readonly Server[];
  readonly people: readonly Person[];
  /** Whether no client gets to a server that it is not at. */
  readonly isOutOfReach: boolean;
};

/** Someone in the lobby, whose client finds another server by itself. */
export class Person {
  readonly key = new TestKey();
  readonly view: LobbyView;
  client: FakeClient | undefined;
  server: Server | undefined;
  readonly #world: Surroundings;
  readonly #wish: string;
  #ids = 0;
  #failures = 0;
  #isTrying = false;

  constructor(world: Surroundings, wish: string) {
    this.#world = world;
    this.#wish = wish;
    this.view = new LobbyView(this.key.pin, world.truth);
  }

  /** Whether it has a connection that works, as far as it knows. */
  get isConnected(): boolean {
    return this.client?.open === true;
  }

  say(): void {
    if (!this.view.isIn || !this.isConnected) return;
    const id = `m-${++this.#ids}`;
    this.view.pending.add(id);
    this.#send(id);
  }

  sayAgain(): void {
    if (this.view.isIn && this.isConnected) for (const id of this.view.said.keys()) this.#send(id);
  }

  attend(state: "here" | "away"): void {
    const { client, server } = this;
    if (this.view.isIn && client?.open === true)
      this.#reach(server, () => server?.hosted?.harness.send(client, { type: "presence", state }));
  }

  /** Its connection breaks. The server notices. */
  drop(): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const harness = server?.hosted?.harness;
    client.open = false;
    this.#reach(server, () => harness?.disconnect(client, "lost"));
  }

  /** Goes to another server while the old one still believes in its connection for a while. */
  leaveBehind(): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const harness = server?.hosted?.harness;
    client.received = [];
    this.client = undefined;
    this.#world.time.later(this.#world.random() * 8_000, () =>
      this.#reach(server, () => {
        if (client.open) harness?.disconnect(client, "lost");
      }),
    );
  }

  /** Reads what has come. */
  read(): void {
    if (this.client === undefined) {
      this.#tryLater();
      return;
    }
    // What was written before the end still comes, unless the process ended with it.
    for (const message of this.client.take()) {
      if (this.view.hear(message)) for (const id of this.view.pending) this.#send(id);
    }
    for (const { code, id } of this.client.failures.slice(this.#failures)) {
      if (code === "1001") continue;
      assert.ok(code === "rate-limited" || code === "not-joined", `${code} ${id ?? ""}`);
      if (id !== undefined) this.#world.time.later(1_000, () => this.view.pending.has(id) && this.#send(id));
      else this.drop();
    }
    this.#failures = this.client.failures.length;
    if (!this.client.open) this.#tryLater();
  }

  #send(id: string): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const text = this.view.textOf(id);
    this.#reach(server, () => server?.hosted?.harness.send(client, { type: "say", id, text }));
  }

  /** The process reads it in a turn of its own. */
  #reach(server: Server | undefined, call: () => void): void {
    server?.process.later(0, call);
  }

  #tryLater(): void {
    if (this.#isTrying) return;
    this.#isTrying = true;
    this.#world.time.later(this.#world.random() * AWAY_MS, () => {
      this.#isTrying = false;
      this.#come();
    });
  }

  #come(): void {
    if (!this.#world.people.includes(this)) return;
    const { servers, isOutOfReach } = this.#world;
    const open = servers.filter((each) => each.isOpen && each.process.state === "runs" && !isOutOfReach);
    const server = open[Math.floor(this.#world.random() * open.length)];
    if (server === undefined) {
      this.#tryLater();
      return;
    }
    const details = this.view.joinDetails();
    const name = this.view.name === "" ? this.#wish : this.view.name;
    [this.server, this.#failures] = [server, 0];
    this.client = server.join(name, details, this.key);
  }
}
