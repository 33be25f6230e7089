// Two members of a server's lobby who meet over its relay.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

export const card = { addresses: [] };

export class RelayedPair {
  readonly server: ServerProcess;
  readonly anna: TestClient;
  readonly bobby: TestClient;
  #asked = 0;

  private constructor(server: ServerProcess, anna: TestClient, bobby: TestClient) {
    this.server = server;
    this.anna = anna;
    this.bobby = bobby;
  }

  static async start(): Promise<RelayedPair> {
    const server = await ServerProcess.start();
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
    return new RelayedPair(server, anna, bobby);
  }

  /** For anna and for bobby. */
  async tickets(): Promise<[string, string]> {
    const { anna, bobby } = this;
    anna.send({ type: "reach", id: `r-${++this.#asked}`, sid: "session-1", to: "bobby", card });
    const [mine, theirs] = [await anna.next("reaching"), await bobby.next("reach")];
    assert.deepEqual(
      [mine.sid, theirs.sid, theirs.from, theirs.pin],
      ["session-1", "session-1", "anna", anna.key.pin],
    );
    return [mine.ticket ?? "", theirs.ticket ?? ""];
  }

  dial(ticket: string, url = this.server.url): WebSocket {
    const ws = new WebSocket(`${url}/relay`, {
      headers: { Authorization: `Bearer ${ticket}` },
      perMessageDeflate: false,
    });
    ws.on("error", () => undefined);
    return ws;
  }

  /** Both ends of it. */
  async tunnel(): Promise<[WebSocket, WebSocket]> {
    const [a, b] = (await this.tickets()).map((ticket) => this.dial(ticket));
    assert.ok(a !== undefined && b !== undefined);
    await Promise.all([once(a, "open"), once(b, "open")]);
    return [a, b];
  }
}

export function errorOf({ code, id }: { code: string; id?: string }): {
  code: string;
  id: string | undefined;
} {
  return { code, id };
}
