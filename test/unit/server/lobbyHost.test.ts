// The connections of a server's lobby when it stops.
import assert from "node:assert/strict";
import { closeCodes } from "../../../protocol/errors.ts";
import { LobbyHost } from "../../../server/lobbyHost.ts";
import type { OpenConnection } from "../../../server/websocket/connectionDependencies.ts";

/** So many that closing them one by one takes longer than a test may. */
const CONNECTIONS = 10_000;
const LONG_MS = 3_600_000;

describe("the lobby of a server that stops", () => {
  it("closes some connections at a time, and the rest at once when it is told to hurry", async () => {
    const host = new LobbyHost({} as ConstructorParameters<typeof LobbyHost>[0]);
    const hurry = new AbortController();
    let closed = 0;
    for (let n = 0; n < CONNECTIONS; n++) {
      const connection: Partial<OpenConnection> = {
        close: (code) => {
          assert.equal(code, closeCodes.goingAway);
          closed += 1;
        },
      };
      host.connections.add(connection as OpenConnection);
    }
    const drained = host.drain(LONG_MS, hurry.signal);
    assert.equal(closed, 1);
    hurry.abort();
    await drained;
    assert.equal(closed, CONNECTIONS);
  });
});
