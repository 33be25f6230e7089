// Lines of code between two windows' hosts: over a real server and a real link, and with a server that knows no parts.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { LOBBY } from "../../extension/core/model/session.ts";
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";
import { serverBefore } from "../support/beforeParts.ts";
import { Client } from "../support/client.ts";
import { somePart } from "../support/sampleValues.ts";
import { ServerProcess } from "../support/serverProcess.ts";

const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
const TEXT = "look\n\nsrc/a.ts:12-13\n```typescript\na\nb\n```";

async function attachAndSay(client: Client, session: SessionNumber, text: string): Promise<void> {
  client.store.dispatch({ type: "user/attach", session, attachment });
  const attached = client.state.sessions[session]?.attached?.id ?? assert.fail();
  const outcome = await client.store.request((request) => ({
    ...{ type: "user/submit", request, session, text, attached },
  }));
  assert.ok(outcome.ok);
}

const messages = (client: Client, session: string): MessageEntry[] =>
  client.entries(session).flatMap((entry) => (entry.kind === "message" ? [entry] : []));

describe("lines of code between windows", () => {
  it("arrive with their part in the lobby and in a private session", async () => {
    const server = await ServerProcess.start();
    const [anna, bobby] = [new Client(), new Client()];
    try {
      await anna.join("anna", server.url);
      await bobby.join("bobby", server.url);
      await anna.until("both", (state) => state.users.length === 2);
      await attachAndSay(anna, LOBBY, "look");
      await bobby.until("the lobby's", () => messages(bobby, "lobby").length === 1);
      await anna.run("\\fork bobby");
      await attachAndSay(anna, anna.peer("bobby")?.number ?? assert.fail(), "look");
      await bobby.until("the session's", () => messages(bobby, "anna").length === 1);
      for (const session of ["lobby", "anna"]) {
        const [entry] = messages(bobby, session);
        assert.deepEqual([entry?.text, entry?.part], [TEXT, { ...somePart, at: 6 }]);
      }
    } finally {
      await Promise.all([anna.close(), bobby.close()]);
      await server.stop();
    }
  });

  it("go as text to a server of the former version, and stay a card for their author", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const said: Record<string, unknown>[] = [];
    server.on("connection", (socket) => {
      socket.send(serverBefore.challenge);
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Record<string, unknown>;
        if (message.type === "join") socket.send(serverBefore.joined);
        if (message.type !== "say") return;
        said.push(message);
        socket.send(JSON.stringify({ type: "ack", id: message.id, seq: said.length, at: 1 }));
      });
    });
    const anna = new Client();
    try {
      await anna.join("anna", `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
      await attachAndSay(anna, LOBBY, "look");
      await anna.until("its number", () => messages(anna, "lobby").length === 1);
      assert.deepEqual(
        said.map(({ type, text, part }) => [type, text, part]),
        [["say", TEXT, undefined]],
      );
      assert.deepEqual(messages(anna, "lobby")[0]?.part, { ...somePart, at: 6 });
    } finally {
      await anna.close();
      for (const socket of server.clients) socket.terminate();
      server.close();
    }
  });
});
