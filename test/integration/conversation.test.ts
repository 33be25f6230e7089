// The reference conversation between three windows and a real server, from the first word to the last.
import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { ServerProcess } from "../support/serverProcess.ts";

describe("the reference conversation", () => {
  let server: ServerProcess;
  let anna: Client;
  let bobby: Client;
  let carmen: Client;

  before(async () => {
    server = await ServerProcess.start();
    [anna, bobby, carmen] = [new Client(), new Client(), new Client()];
  });

  after(async () => {
    await Promise.all([anna, bobby, carmen].map((client) => client.close()));
    await server.stop();
  });

  it("three people join and see each other", async () => {
    for (const [client, name] of [
      [anna, "anna"],
      [bobby, "bobby"],
      [carmen, "carmen"],
    ] as const) {
      assert.deepEqual(await client.join(name, server.url), { ok: true });
    }
    for (const client of [anna, bobby, carmen]) {
      await client.until("all three", (state) => state.users.join() === "anna,bobby,carmen");
    }
    await anna.untilShown("lobby", "carmen has joined");
  });

  it("everyone reads a lobby message, in the same order", async () => {
    await anna.type("good morning");
    await bobby.untilShown("lobby", "anna: good morning");
    await bobby.type("morning!\n  two lines");
    await carmen.untilShown("lobby", "bobby: morning!");
    await anna.untilShown("lobby", "bobby: morning!");
    await bobby.until("confirmed", (state) => state.sessions[0].pending.length === 0);
    for (const client of [anna, bobby, carmen]) {
      assert.deepEqual(client.messages("lobby"), ["anna: good morning", "bobby: morning!\n  two lines"]);
    }
  });

  it("carmen forks anna: carmen is switched, anna is notified and stays where she is", async () => {
    assert.deepEqual(await carmen.type("\\fork anna"), { ok: true });
    assert.equal(carmen.state.active, 1);
    assert.equal(carmen.peer("anna")?.role, "A");
    await anna.untilShown("lobby", "carmen opened a private session: \\sw 1");
    assert.equal(anna.state.active, 0);
    assert.equal(anna.peer("carmen")?.role, "B");
    await anna.type("\\sessions");
    assert.ok(anna.lines("lobby").includes("*0 lobby (broadcast)\n 1 carmen (P~>)"));
  });

  it("both write in private while bobby writes to everyone, and switch back and forth", async () => {
    await anna.type("\\sw carmen");
    await anna.type("just us");
    await carmen.untilShown("anna", "anna: just us");
    await bobby.type("anybody here?");
    await anna.untilShown("lobby", "bobby: anybody here?");
    assert.equal(anna.state.sessions[0].unread, 1);
    await carmen.type("yes");
    await anna.untilShown("carmen", "carmen: yes");
    await anna.type("\\lob");
    assert.equal(anna.state.sessions[0].unread, 0);
    await anna.type("in a minute");
    await bobby.untilShown("lobby", "anna: in a minute");
    assert.deepEqual(
      bobby.messages("lobby").filter((line) => /just us|yes/.test(line)),
      [],
    );
  });

  it("the server is killed: everyone is notified, and carmen and anna continue without it", async () => {
    await server.stop("SIGKILL");
    for (const client of [anna, bobby, carmen]) await client.untilShown("lobby", "Disconnected:");
    await anna.run("\\switch 1");
    await anna.type("still there?");
    await carmen.untilShown("anna", "anna: still there?");
    await carmen.type("of course");
    await anna.untilShown("carmen", "carmen: of course");
    for (const line of ["\\lobby", "\\sw 0"]) {
      const outcome = await anna.type(line);
      assert.ok(!outcome.ok && outcome.code === "server-away", line);
    }
    for (const line of ["\\users", "\\fork anna", "hello?"]) {
      const outcome = await bobby.type(line);
      assert.ok(!outcome.ok && outcome.code === "server-away", line);
    }
  });

  it("the server returns: everyone reconnects automatically, and sessions are neither lost nor duplicated", async () => {
    const { port } = server;
    server = await ServerProcess.start("--port", String(port));
    for (const client of [anna, bobby, carmen]) {
      await client.until("all three again", (state) => state.users.join() === "anna,bobby,carmen");
    }
    assert.equal(anna.state.sessions.length, 2);
    assert.equal(carmen.state.sessions.length, 2);
    await anna.type("and now?");
    await carmen.untilShown("anna", "anna: and now?");
    await anna.until("confirmed", () => anna.peer("carmen")?.pending.length === 0);
    assert.deepEqual(carmen.messages("anna"), anna.messages("carmen"));
    const twice = await carmen.run("\\lobby").then(() => carmen.run("\\fork anna"));
    assert.ok(!twice.ok && twice.code === "already-in-session");
  });

  it("anna leaves: the session ends for both, and the lobby continues", async () => {
    await carmen.run("\\sw 1");
    assert.deepEqual(await anna.type("\\leave"), { ok: true });
    assert.equal(anna.state.active, 0);
    await carmen.untilShown("lobby", "anna left private session 1");
    assert.equal(carmen.state.active, 0);
    assert.equal(carmen.state.sessions.length, 1);
    await carmen.type("back here");
    await bobby.untilShown("lobby", "carmen: back here");
  });

  it("shows a quit and a closed window differently, in the lobby and in private", async () => {
    assert.deepEqual(await bobby.type("\\fork anna"), { ok: true });
    assert.deepEqual(await carmen.type("\\fork anna"), { ok: true });
    await anna.until("two sessions", (state) => state.sessions.length === 3);
    assert.deepEqual(
      anna.state.sessions.map((session) => session.number),
      [0, 2, 3],
    );
    assert.deepEqual(await bobby.type("\\quit"), { ok: true });
    await anna.untilShown("lobby", "bobby quit. Private session 2 has ended");
    await carmen.untilShown("lobby", "bobby has quit.");
    await carmen.close();
    await anna.untilShown("lobby", "carmen's window was closed.");
    // A window that was closed may come back: its session stays, and what is said in it waits.
    await anna.until("carmen to be away", () => anna.peer("carmen")?.link === "waiting");
    assert.deepEqual(await anna.run("\\switch carmen"), { ok: true });
    assert.deepEqual(await anna.type("until later"), { ok: true });
    assert.deepEqual(
      anna.peer("carmen")?.pending.map(({ text }) => text),
      ["until later"],
    );
  });
});
