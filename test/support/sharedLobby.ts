// Two servers that share a lobby, for each test of a suite: each reads the log of commands when the test settles it.
import assert from "node:assert/strict";
import { connectionNumbers } from "../../server/hall/connectionNumbers.ts";
import { MemoryLog } from "./memoryLog.ts";
import { RendezvousHarness, type FakeClient } from "./rendezvousHarness.ts";

/** Create it in a suite. */
export class SharedLobby {
  log!: MemoryLog;
  servers: RendezvousHarness[] = [];

  constructor() {
    beforeEach(() => {
      this.log = new MemoryLog(() => 1_790_000_000_000);
      this.servers = [1, 2].map(
        (life) =>
          new RendezvousHarness(
            { openLobbyLog: this.log.opener(life), newConnection: connectionNumbers(life) },
            `-${life}`,
          ),
      );
    });
  }

  settle = (): void => {
    for (const [n, { outbox }] of this.servers.entries()) {
      this.log.deliver(n + 1);
      outbox.flush();
    }
  };

  join = (server: number, name: string, back?: FakeClient): FakeClient => {
    const [joined] = back?.take().filter(({ type }) => type === "joined") ?? [];
    const resume = joined?.type === "joined" ? { resume: joined.resume } : {};
    const harness = this.servers[server] ?? assert.fail();
    const client = harness.join(name, resume, back?.key);
    this.settle();
    return client;
  };

  /** Comes back with this token. */
  again = (server: number, { key }: FakeClient, resume: string): FakeClient => {
    const client = this.servers[server]?.join("anna", { resume }, key) ?? assert.fail();
    this.settle();
    return client;
  };

  send = (server: number, client: FakeClient, message: Parameters<RendezvousHarness["send"]>[1]): void => {
    this.servers[server]?.send(client, message);
    this.settle();
  };
}

export function joined(client: FakeClient): { name: string; resume: string } {
  for (const message of client.take()) if (message.type === "joined") return message;
  return assert.fail("it has not joined");
}

export function types(client: FakeClient): string[] {
  return client.take().map((message) => message.type);
}
