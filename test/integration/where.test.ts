// Asking where someone is between two windows' hosts, over a real server and a real link.
import assert from "node:assert/strict";
import type { Answer } from "../../extension/core/model/events.ts";
import type { CoreSettings } from "../../extension/core/model/settings.ts";
import { whereTexts } from "../../extension/core/texts/sessionTexts.ts";
import { limits } from "../../protocol/limits.ts";
import type { SessionNumber } from "../../protocol/webview.ts";
import { Client } from "../support/client.ts";
import { somePart } from "../support/sampleValues.ts";
import { ServerProcess } from "../support/serverProcess.ts";

const quote = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };

/** What a window does that has a file open. */
function tell(client: Client, session: SessionNumber): void {
  client.store.dispatch({ type: "user/say", request: 99, session, text: "", quote });
}

describe("asking where someone is", () => {
  let server: ServerProcess;
  let anna: Client;
  let bobby: Client;

  // One for each: a server keeps names for those who left.
  beforeEach(async () => (server = await ServerProcess.start()));
  afterEach(async () => {
    await Promise.all([anna.close(), bobby.close()]);
    await server.stop();
  });

  /** Anna and bobby in a private session. Bobby's user gives this answer to each question. */
  async function meet(tellWhere: CoreSettings["tellWhere"], answer?: Answer): Promise<void> {
    anna = new Client();
    bobby = new Client({ settings: { tellWhere }, answer: () => answer, tellWhere: tell });
    await anna.join("anna", server.url);
    await bobby.join("bobby", server.url);
    await anna.until("both", (state) => state.users.length === 2);
    await anna.run("\\fork bobby");
  }

  /** Both have heard all that the other had sent before: it comes in order. */
  async function untilHeard(): Promise<void> {
    await anna.type("is that all?");
    await bobby.untilShown("anna", "is that all?");
    await bobby.run("\\switch anna");
    await bobby.type("that is all");
    await anna.untilShown("bobby", "that is all");
  }

  const cards = (client: Client, peer: string): number =>
    client.entries(peer).filter((entry) => entry.kind === "message" && entry.part?.kind === "code").length;

  const asked = (client: Client): number =>
    client.lines("anna").filter((line) => line === whereTexts.asked("anna")).length;

  it("brings a card when its user agrees, and the request is over", async () => {
    await meet("ask", "yes");
    assert.ok((await anna.run("\\where bobby")).ok);
    await anna.until("the card", () => cards(anna, "bobby") === 1);
    assert.deepEqual(anna.state.whereAsked, []);
    assert.deepEqual(
      bobby.questions.map(({ text, yes, no }) => [text, yes, no]),
      [[whereTexts.question("anna"), "Send", "Not Now"]],
    );
    assert.ok((await anna.run("\\where bobby")).ok);
    await anna.until("another", () => cards(anna, "bobby") === 2);
  });

  it("brings a card at once from someone who has verified the asker and wants that", async () => {
    await meet("verified");
    await bobby.until("the session", () => bobby.peer("anna") !== undefined);
    const session = bobby.peer("anna")?.number ?? assert.fail();
    await anna.run("\\where bobby");
    await bobby.until("a question", () => bobby.questions.length === 1);
    bobby.answer(bobby.questions[0] ?? assert.fail(), "no");
    bobby.store.dispatch({ type: "user/verified", session, value: true });
    await untilHeard();
    anna.store.dispatch({ type: "timer", key: `asked:${anna.peer("bobby")?.sid ?? ""}` });
    await anna.run("\\where bobby");
    await anna.until("the card", () => cards(anna, "bobby") === 1);
    assert.equal(bobby.questions.length, 1);
  });

  for (const [tellWhere, answer] of [
    ["never", undefined],
    ["ask", "no"],
    ["ask", undefined],
  ] as const) {
    it(`brings nothing with ${tellWhere} and ${answer === "no" ? "“Not Now”" : "no answer"}: one sentence after a minute`, async () => {
      await meet(tellWhere, answer);
      await anna.run("\\where bobby");
      await untilHeard();
      assert.deepEqual(anna.lines("bobby").slice(-3), [
        whereTexts.asking("bobby"),
        "anna: is that all?",
        "bobby: that is all",
      ]);
      const { sid } = anna.peer("bobby") ?? assert.fail();
      assert.deepEqual(anna.state.whereAsked, [sid]);
      anna.store.dispatch({ type: "timer", key: `asked:${sid}` });
      assert.deepEqual(anna.lines("bobby").slice(-1), [whereTexts.notTold("bobby")]);
      assert.equal(bobby.questions.length, tellWhere === "never" ? 0 : 1);
      assert.equal(asked(bobby), tellWhere === "never" ? 0 : 1);
    });
  }

  it("asks a user a few times only, however often a hostile window asks", async () => {
    await meet("ask", "no");
    const { sid } = anna.peer("bobby") ?? assert.fail();
    const began = Date.now();
    for (let i = 0; i < 40; i++) {
      await anna.run("\\where bobby");
      // A window of one's own making does not wait.
      anna.store.dispatch({ type: "timer", key: `asked:${sid}` });
    }
    await untilHeard();
    const most = limits.whereBurst + ((Date.now() - began) / 1000) * limits.wheresPerSecond;
    assert.ok(bobby.questions.length >= limits.whereBurst && bobby.questions.length <= most);
    assert.equal(asked(bobby), bobby.questions.length);
    assert.equal(bobby.peer("anna")?.link, "open");
  });
});
