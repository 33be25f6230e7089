// How the server is reached, in the words that the page and the status bar show.
import assert from "node:assert/strict";
import { connectionView } from "../../../../extension/core/view/connectionView.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { after, blank, join, offline, online } from "../../../support/core.ts";

describe("the connection to the server", () => {
  const at = (server: string): State => ({ ...online, me: online.me && { ...online.me, server } });

  for (const { server, way } of [
    { server: "ws://127.0.0.1:43210", way: "local" },
    { server: "ws://localhost", way: "local" },
    { server: "ws://[::1]:43210", way: "local" },
    { server: "ws://127.1:43210", way: "local" },
    { server: "ws://127.0.0.1.example.org:43210", way: "plain" },
    { server: "ws://localhost.example.org", way: "plain" },
    { server: "ws://192.168.1.20:43210", way: "plain" },
    { server: "wss://chat.example.org", way: "encrypted" },
    { server: "wss://127.0.0.1:43210", way: "encrypted" },
    { server: "WSS://chat.example.org", way: "encrypted" },
  ] as const) {
    it(`is ${way} to ${server}`, () => {
      assert.deepEqual(connectionView(at(server)), { status: "online", text: `Connected to ${server}`, way });
    });
  }

  it("is described in a sentence as well, connected or not", () => {
    const way = "local";
    assert.deepEqual([blank, after(blank, join("anna")), online, offline].map(connectionView), [
      { status: "idle", text: "Not joined" },
      { status: "connecting", text: "Connecting to ws://127.0.0.1:43210", way },
      { status: "online", text: "Connected to ws://127.0.0.1:43210", way },
      {
        status: "offline",
        text: "Disconnected: the connection was lost",
        way,
      },
    ]);
  });
});
