// Answers, edits, retractions and reactions between windows' hosts and a real server: both see the same, also over a link
// that was lost in between.
import assert from "node:assert/strict";
import { slice } from "../../extension/core/transcript.ts";
import { sessionNumber } from "../../extension/core/state.ts";
import type { Entry } from "../../protocol/webview.ts";
import { Client } from "../support/client.ts";
import { ServerProcess } from "../support/serverProcess.ts";

type Message = Extract<Entry, { kind: "message" }>;
const thumb = "\u{1f44d}";

describe("messages that are changed", function () {
  this.timeout(60_000);
  let server: ServerProcess;
  const [anna, bobby] = [new Client(), new Client()];

  before(async () => {
    server = await ServerProcess.start();
    assert.deepEqual(await anna.join("anna", server.url), { ok: true });
    assert.deepEqual(await bobby.join("bobby", server.url), { ok: true });
    await anna.until("bobby", ({ users }) => users.length === 2);
  });
  after(async () => {
    await Promise.all([anna.close(), bobby.close()]);
    await server.stop();
  });

  const messages = (client: Client, session: number): Message[] => {
    const found = client.state.sessions.find(({ number }) => number === sessionNumber(session));
    const entries = found === undefined ? [] : slice(found.transcript, 0, found.transcript.end).entries;
    return entries.flatMap((entry) => (entry.kind === "message" ? [entry] : []));
  };
  const indexOf = (client: Client, session: number, text: string): number => {
    const found = client.state.sessions.find(({ number }) => number === sessionNumber(session));
    assert.ok(found !== undefined);
    const { entries, index } = slice(found.transcript, 0, found.transcript.end);
    return index + entries.findIndex((entry) => entry.text === text);
  };
  const change = (client: Client, session: number, kind: "reply" | "edit", of: string, text: string) =>
    client.store.request((request) => ({
      ...{ type: "user/submit", request, session: sessionNumber(session), text },
      about: { kind, index: indexOf(client, session, of) },
    }));

  for (const [where, session] of [
    ["the lobby", 0],
    ["a private session", 1],
  ] as const) {
    it(`read the same to both in ${where}`, async () => {
      if (session === 1) {
        assert.deepEqual(await anna.type("\\fork bobby"), { ok: true });
        await bobby.until("the session", ({ sessions }) => sessions.length === 2);
        await bobby.run("\\switch 1");
      }
      const both = (holds: (client: Client) => boolean, what: string): Promise<unknown> =>
        Promise.all([anna, bobby].map((client) => client.until(what, () => holds(client))));
      const at = (client: Client, place: number): Message | undefined => messages(client, session)[place];

      await anna.type("frist");
      await both((client) => at(client, 0)?.text === "frist", "what anna has said");
      assert.deepEqual(await change(anna, session, "edit", "frist", "first"), { ok: true });
      await both((client) => at(client, 0)?.edited === true && at(client, 0)?.text === "first", "the edit");
      assert.deepEqual(await change(bobby, session, "reply", "first", "indeed"), { ok: true });
      await both((client) => at(client, 1)?.reply?.text === "first", "the answer");
      const index = indexOf(bobby, session, "first");
      bobby.store.dispatch({
        type: "user/react",
        session: sessionNumber(session),
        index,
        text: thumb,
        on: true,
      });
      await both((client) => at(client, 0)?.reactions?.[0]?.by[0] === "bobby", "the reaction");
      assert.equal(at(bobby, 0)?.reactions?.[0]?.mine, true);
      anna.store.dispatch({
        type: "user/retract",
        session: sessionNumber(session),
        index: indexOf(anna, session, "first"),
      });
      await both(
        (client) => at(client, 0)?.retracted === true && at(client, 0)?.text === "",
        "the retraction",
      );
      assert.deepEqual(await change(bobby, session, "edit", "indeed", "indeed!"), { ok: true });
      await both((client) => at(client, 1)?.text === "indeed!", "bobby's own edit");
    });
  }

  it("says in a private session what was read", async () => {
    await anna.type("have you seen this?");
    const seq = (): number => messages(anna, 1).at(-1)?.seq ?? 0;
    await anna.until("read by bobby", () => seq() > 0 && anna.peer("bobby")?.readUpTo === seq());
  });

  it("hold when the link is lost right after they were made", async () => {
    await anna.type("befroe");
    await anna.until("confirmed", () => messages(anna, 1).at(-1)?.text === "befroe");
    const link = anna.state.wires[0]?.link?.id;
    assert.ok(link !== undefined);
    anna.store.dispatch({ type: "link/closed", link, end: { kind: "lost", code: 1006, text: "cut off" } });
    assert.deepEqual(await change(anna, 1, "edit", "befroe", "before"), { ok: true });
    await bobby.until("the edit", () => messages(bobby, 1).at(-1)?.text === "before");
    await anna.until("confirmed", () => messages(anna, 1).at(-1)?.edited === true);
  });
});
