// Answers, edits, retractions, reactions, reading and presence between two windows' hosts and a real server, also over
// links that are lost.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionView } from "../../extension/core/view/selectors.ts";
import type { SessionView } from "../../protocol/webview.ts";
import { place, react, retract, say } from "../support/changes.ts";
import { Client } from "../support/client.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { TcpProxy } from "../support/tcpProxy.ts";

const thumb = "\u{1f44d}";

/** A session's messages as this client shows them. */
function seen(client: Client, session: string): string[] {
  return client.entries(session).flatMap((entry) => {
    if (entry.kind !== "message") return [];
    const text = entry.retracted === true ? "(gone)" : entry.text;
    const reply = entry.reply === undefined ? "" : ` [${entry.reply.from}: ${entry.reply.text}]`;
    const reactions = (entry.reactions ?? []).map((each) => ` ${each.text}${each.by.join("+")}`).join("");
    return [`${entry.from}: ${text}${entry.edited === true ? "*" : ""}${reply}${reactions}`];
  });
}

const untilSeen = (client: Client, session: string, lines: readonly string[]): Promise<void> =>
  client.until(lines.join(" | "), () => JSON.stringify(seen(client, session)) === JSON.stringify(lines));

function view(client: Client, peer: string): NonNullable<SessionView["peer"]> {
  const session = client.peer(peer);
  const found = session === undefined ? undefined : sessionView(client.state, session).peer;
  assert.ok(found !== undefined);
  return found;
}

describe("messages about messages between two windows", () => {
  let server: ServerProcess;
  /** Anna's way to the server. */
  let proxy: TcpProxy;
  let anna: Client;
  let bobby: Client;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-changes-"));
    proxy = await TcpProxy.to(() => server.port);
    server = await ServerProcess.start(...reachedAt(proxy.port));
    anna = new Client({ folder });
    bobby = new Client();
    await anna.join("anna", proxy.url);
    await bobby.join("bobby", server.url);
    await anna.until("both", (state) => state.users.length === 2);
  });

  afterEach(async () => {
    await Promise.all([anna.close(), bobby.close()]);
    await proxy.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fork(): Promise<void> {
    assert.ok((await anna.run("\\fork bobby")).ok);
    await bobby.until("the session", (state) => state.sessions.length === 2);
    await bobby.run("\\switch anna");
  }

  it("look the same to both in the lobby, and to people who join later", async () => {
    await anna.type("frist");
    await bobby.untilShown("lobby", "frist");
    await say(bobby, "lobby", "indeed", "reply", "frist");
    await anna.untilShown("lobby", "indeed");
    await say(anna, "lobby", "first", "edit", "frist");
    react(anna, "lobby", "indeed", thumb);
    await untilSeen(bobby, "lobby", ["anna: first*", `bobby: indeed [anna: first] ${thumb}anna`]);
    retract(bobby, "lobby", "indeed");
    for (const client of [anna, bobby]) await untilSeen(client, "lobby", ["anna: first*", "bobby: (gone)"]);
    const carmen = new Client();
    await carmen.join("carmen", server.url);
    await untilSeen(carmen, "lobby", ["anna: first*", "bobby: (gone)"]);
    assert.equal(carmen.state.sessions[0].unread, 0, "nobody has missed what was said before they came");
    await carmen.close();
  });

  it("that were missed in the lobby while a link was down are there after reconnecting", async () => {
    await anna.type("one");
    await bobby.untilShown("lobby", "one");
    await bobby.type("two");
    await untilSeen(anna, "lobby", ["anna: one", "bobby: two"]);
    proxy.cut();
    await anna.until("offline", (state) => state.connection.status === "offline");
    await say(bobby, "lobby", "second", "edit", "two");
    react(bobby, "lobby", "one", thumb);
    await untilSeen(anna, "lobby", [`anna: one ${thumb}bobby`, "bobby: second*"]);
  });

  it("cannot refer to messages from before the server restarted", async () => {
    await anna.type("one");
    await anna.until("confirmed", (state) => state.sessions[0].pending.length === 0);
    const old = place(anna, "lobby", "one");
    const { port } = server;
    const epoch = anna.state.lastSeen?.epoch;
    await server.stop("SIGKILL");
    server = await ServerProcess.start("--port", String(port), ...reachedAt(proxy.port));
    for (const client of [anna, bobby]) {
      await client.until(
        "both again",
        (state) => state.lastSeen?.epoch !== epoch && state.users.length === 2,
      );
    }
    await bobby.type("new one");
    await anna.untilShown("lobby", "bobby: new one");
    anna.store.dispatch({ type: "user/react", ...old, text: thumb, on: true });
    await anna.untilShown("lobby", "too old");
    await anna.type("after it");
    await bobby.untilShown("lobby", "after it");
    assert.deepEqual(seen(bobby, "lobby").slice(-2), ["bobby: new one", "anna: after it"]);
  });

  it("look the same to both in private, over lost links and a restart", async () => {
    await fork();
    await anna.type("frist");
    await bobby.untilShown("anna", "frist");
    await say(bobby, "anna", "so?", "reply", "frist");
    await anna.untilShown("bobby", "so?");
    await server.stop("SIGKILL");
    await anna.close();
    await bobby.until("away", () => bobby.peer("anna")?.link === "waiting");
    // Made while the peer is away: they wait like messages.
    react(bobby, "anna", "frist", thumb);
    await say(bobby, "anna", "and?", "edit", "so?");
    assert.deepEqual(
      bobby.peer("anna")?.pending.map(({ text }) => text),
      [thumb, "and?"],
    );
    anna = new Client({ folder });
    await anna.begin();
    const both = [`anna: frist ${thumb}bobby`, "bobby: and?* [anna: frist]"];
    await untilSeen(anna, "bobby", both);
    await untilSeen(bobby, "anna", both);
    await say(anna, "bobby", "first", "edit", "frist");
    retract(bobby, "anna", "and?");
    const after = [`anna: first* ${thumb}bobby`, "bobby: (gone)"];
    await untilSeen(anna, "bobby", after);
    await untilSeen(bobby, "anna", after);
  });

  it("hold when the link is lost right before they are made", async () => {
    await fork();
    await anna.type("befroe");
    await bobby.untilShown("anna", "befroe");
    await anna.until("confirmed", () => anna.peer("bobby")?.pending.length === 0);
    const link = anna.state.channels[0]?.link?.id;
    assert.ok(link !== undefined);
    anna.store.dispatch({ type: "link/closed", link, end: { kind: "lost", code: 1006, text: "cut off" } });
    await say(anna, "bobby", "before", "edit", "befroe");
    await untilSeen(bobby, "anna", ["anna: before*"]);
    await untilSeen(anna, "bobby", ["anna: before*"]);
  });

  it("show the other side who is reading, writing or away", async () => {
    await fork();
    await anna.type("one");
    await anna.until("read", () => view(anna, "bobby").readUpTo === 1);
    bobby.store.dispatch({ type: "user/activate", session: bobby.state.sessions[0].number });
    await anna.type("two");
    await bobby.untilShown("anna", "two");
    await anna.until("received", () => anna.peer("bobby")?.pending.length === 0);
    assert.equal(view(anna, "bobby").readUpTo, 1);
    const session = bobby.peer("anna")?.number;
    assert.ok(session !== undefined);
    bobby.store.dispatch({ type: "user/activate", session });
    await anna.until("read as well", () => view(anna, "bobby").readUpTo === 2);

    bobby.store.dispatch({ type: "user/typing", session, value: true });
    await anna.until("writing", () => view(anna, "bobby").typing === true);
    await bobby.type("three");
    await anna.until("no longer", () => view(anna, "bobby").typing === false);

    bobby.store.dispatch({ type: "host/presence", presence: "away" });
    await anna.until("away", () => view(anna, "bobby").presence === "away");
    bobby.store.dispatch({ type: "host/presence", presence: "here" });
    await anna.until("here", () => view(anna, "bobby").presence === "here");
  });
});
