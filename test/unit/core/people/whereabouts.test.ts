// Asking a peer where they are, and being asked: what the user decides, and what the asker can learn from it.
import assert from "node:assert/strict";
import type { Effect } from "../../../../extension/core/model/effects.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { CoreSettings } from "../../../../extension/core/model/settings.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { whereTexts } from "../../../../extension/core/texts/sessionTexts.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { complete } from "../../../../webview/composer/completion.ts";
import { panelState } from "../../../../extension/core/view/panelView.ts";
import { limits } from "../../../../protocol/limits.ts";
import * as core from "../../../support/core.ts";
import { effectTuple, specify } from "../../../support/coreChecks.ts";
import { somePart } from "../../../support/sampleValues.ts";

const { after, run, withBobby, withBoth } = core;
const one = sessionNumber(1);
const where = core.frame("bobby", { type: "where" });
const place = core.frame("bobby", { type: "message", seq: 1, at: core.NOW, text: "x", part: somePart });

/** Bobby's window calls again, and says in its hello what it can. */
const withCan = (can: readonly string[]): State =>
  after(withBobby, core.unlinked("bobby", "lost"), core.calls("bobby", { can: [...can] }));

const tellWhere = (value: CoreSettings["tellWhere"]): CoreEvent => core.settings({ tellWhere: value });
const verified = after(withBobby, { type: "user/verified", session: one, value: true });
const asked = after(withBobby, where);
const asking = after(withBobby, core.type("\\where bobby", 1));

const answer = (state: State, given: "yes" | "no"): CoreEvent => ({
  type: "user/answer",
  question: state.questions.at(-1)?.id ?? assert.fail("nothing was asked"),
  answer: given,
});

/** What leaves the window, or is shown to its user. */
const noticed = (effects: readonly Effect[]): (readonly unknown[])[] =>
  effects
    .map(effectTuple)
    .filter(([kind]) => kind !== "schedule" && kind !== "cancel" && kind !== "withdraw");

describe("asking a peer where they are", () => {
  specify([
    {
      description: "asks once, and says so",
      given: withBobby,
      events: [core.type("\\where bobby", 1)],
      expected: {
        lines: [`1 info ${whereTexts.asking("bobby")}`],
        effects: [
          ["sendLink", "d1", { type: "where" }],
          ["schedule", `asked:${core.sid("bobby")}`, limits.whereMs],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "works from the lobby, and says so there as well",
      given: after(withBobby, core.look(0)),
      events: [core.type("\\where Bobby", 0)],
      expected: {
        lines: [`0 info ${whereTexts.asking("bobby")}`, `1 info ${whereTexts.asking("bobby")}`],
      },
    },
    {
      description: "does not ask again while an answer can still come",
      given: asking,
      events: [core.type("\\where bobby", 1)],
      expected: {
        lines: [`1 error ${failures.alreadyAsked("bobby").text}`],
        effects: [["settle", 7, "already-asked"]],
      },
    },
    {
      description: "ends without a word when a place comes",
      given: asking,
      events: [place, core.fires(`asked:${core.sid("bobby")}`)],
      expected: { lines: ["1 bobby: x"] },
    },
    {
      description: "is not ended by a message without a place",
      given: asking,
      events: [core.hear("bobby", 1, "one moment"), core.fires(`asked:${core.sid("bobby")}`)],
      expected: { lines: ["1 bobby: one moment", `1 info ${whereTexts.notTold("bobby")}`] },
    },
    {
      description: "ends with one sentence when nothing comes",
      given: asking,
      events: [core.fires(`asked:${core.sid("bobby")}`), core.fires(`asked:${core.sid("bobby")}`)],
      expected: { lines: [`1 info ${whereTexts.notTold("bobby")}`], effects: [] },
    },
    {
      description: "says nothing more in a session that has ended",
      given: after(asking, core.look(1), core.hear("bobby", 1, "bye"), core.unlinked("bobby", "left")),
      events: [core.fires(`asked:${core.sid("bobby")}`)],
      expected: { lines: [], effects: [] },
    },
    {
      description: "needs a private session",
      given: withBobby,
      events: [core.type("\\where carmen", 1)],
      expected: {
        lines: [`1 error ${failures.notInSession("carmen").text}`],
        effects: [["settle", 7, "no-such-session"]],
      },
    },
    {
      description: "needs a private session with a connection",
      given: after(withBobby, core.unlinked("bobby", "lost")),
      events: [core.type("\\where bobby", 1)],
      expected: {
        lines: [`1 error ${failures.notInSession("bobby").text}`],
        effects: [["settle", 7, "no-such-session"]],
      },
    },
    {
      description: "needs a name",
      given: after(withBobby, core.look(0)),
      events: [core.type("\\where", 0)],
      expected: { effects: [["settle", 7, "usage"]] },
    },
    ...[[], ["part"], ["part", "whereabouts"]].map((can) => ({
      description: `sends nothing to a window that can ${JSON.stringify(can)}`,
      given: withCan(can),
      events: [core.type("\\where bobby", 1)],
      expected: {
        lines: [`1 error ${failures.cannotTellWhere("bobby").text}`],
        effects: [["settle", 7, "not-supported"]],
      },
    })),
  ]);

  it("can be done again after an answer, and after none", () => {
    for (const end of [place, core.fires(`asked:${core.sid("bobby")}`)]) {
      const { effects } = run(after(asking, end), core.type("\\where bobby", 1));
      assert.deepEqual(noticed(effects), [
        ["sendLink", "d1", { type: "where" }],
        ["settle", 7, "ok"],
      ]);
    }
  });

  it("is offered with the names of people in a connected private session", () => {
    const offered = (state: State): unknown =>
      complete("\\where ", 7, panelState(state))?.candidates.map(({ label }) => label) ?? [];
    assert.deepEqual(offered(withBoth), ["bobby", "carmen"]);
    assert.deepEqual(offered(withBobby), ["bobby"]);
    assert.deepEqual(offered(after(withBoth, core.unlinked("bobby", "lost"))), ["carmen"]);
    assert.deepEqual(offered(core.online), []);
  });

  it("is announced in each hello", () => {
    const { effects } = run(withBobby, core.unlinked("bobby", "lost"), core.calls("bobby"));
    const hello = effects.find((effect) => effect.type === "network" && effect.call === "sendLink");
    assert.ok(hello?.type === "network");
    assert.deepEqual((hello.args[1] as { can?: unknown }).can, ["part", "where", "files"]);
  });
});

describe("being asked where one is", () => {
  specify([
    {
      description: "asks the user, with the name of who asks",
      given: withBobby,
      events: [where],
      expected: {
        lines: [`1 info ${whereTexts.asked("bobby")}`],
        effects: [
          ["ask", whereTexts.question("bobby")],
          ["schedule", `where:${core.sid("bobby")}`, limits.whereMs],
        ],
      },
    },
    {
      description: "asks once, until it is answered",
      given: asked,
      events: [where, where],
      expected: { lines: [], effects: [] },
    },
    {
      description: "asks about unverified people if only verified ones are answered at once",
      given: after(withBobby, tellWhere("verified")),
      events: [where],
      expected: { lines: [`1 info ${whereTexts.asked("bobby")}`] },
    },
    {
      description: "asks about verified people where each request is asked about",
      given: after(verified, tellWhere("ask")),
      events: [where],
      expected: { lines: [`1 info ${whereTexts.asked("bobby")}`] },
    },
    {
      description: "is answered at once for verified people if the user wants that",
      given: after(verified, tellWhere("verified")),
      events: [where],
      expected: { lines: [], effects: [["tellWhere", 1, false]] },
    },
    {
      description: "is asked about after all if what would be sent must not go without a question",
      given: after(verified, tellWhere("verified")),
      events: [{ type: "host/askWhere", session: one }],
      expected: {
        lines: [`1 info ${whereTexts.asked("bobby")}`],
        effects: [
          ["ask", whereTexts.question("bobby")],
          ["schedule", `where:${core.sid("bobby")}`, limits.whereMs],
        ],
      },
    },
    {
      description: "asks nothing in a muted session, where a line says it",
      given: after(withBobby, core.mute(1)),
      events: [where],
      expected: { lines: [`1 info ${whereTexts.asked("bobby")}`], effects: [] },
    },
    {
      description: "expires quietly",
      given: asked,
      events: [core.fires(`where:${core.sid("bobby")}`)],
      expected: { lines: [], effects: [["withdraw"]] },
    },
  ]);

  it("waits while the user must not be disturbed, and not longer than it can be answered", () => {
    const held = after(withBobby, core.occupied(true), where);
    assert.deepEqual(noticed(run(held, core.occupied(false)).effects), [
      ["ask", whereTexts.question("bobby")],
    ]);
    const late = after(held, core.fires(`where:${core.sid("bobby")}`));
    assert.deepEqual(noticed(run(late, core.occupied(false)).effects), []);
  });

  it("sends the place when the user agrees, once", () => {
    const { state, effects } = run(asked, answer(asked, "yes"));
    assert.deepEqual(noticed(effects), [["tellWhere", 1, true]]);
    assert.deepEqual(noticed(run(state, answer(asked, "yes")).effects), []);
  });

  it("sends nothing when the user agrees too late", () => {
    const late = after(asked, core.fires(`where:${core.sid("bobby")}`));
    assert.deepEqual(run(late, answer(asked, "yes")).effects, []);
  });

  it("ends with the session, however that ends", () => {
    const ends: readonly (readonly core.Step[])[] = [
      [core.unlinked("bobby", "left")],
      [core.unlinked("bobby", "quit")],
      [core.hear("bobby", 1, "bye"), core.unlinked("bobby", "left")],
      [{ type: "user/leave", session: one }],
      [core.type("\\block bobby", 1)],
      [core.type("\\quit", 1)],
    ];
    for (const end of ends) {
      const over = after(asked, ...end);
      assert.deepEqual(over.questions, []);
      assert.deepEqual(noticed(run(over, answer(asked, "yes")).effects), []);
    }
    const held = after(withBobby, core.occupied(true), where, core.unlinked("bobby", "left"));
    assert.deepEqual(noticed(run(held, core.occupied(false)).effects), []);
  });

  it("is no request for a private session", () => {
    assert.deepEqual(panelState(asked).targets.asking, []);
    const { effects } = run(asked, core.type("\\accept bobby", 1));
    assert.deepEqual(noticed(effects), [["settle", 7, "no-question"]]);
  });
});

describe("what an asker learns", () => {
  it("is the same from never, from not now, and from no answer: nothing is sent at all", () => {
    const sent = (...steps: readonly core.Step[]): unknown[] =>
      run(withBobby, ...steps).effects.filter(({ type }) => type === "network" || type === "tellWhere");
    assert.deepEqual(sent(tellWhere("never"), where), []);
    assert.deepEqual(
      sent(where, (state) => [answer(state, "no")]),
      [],
    );
    assert.deepEqual(sent(where, core.fires(`where:${core.sid("bobby")}`)), []);
    assert.deepEqual(sent(core.mute(1), where), []);
  });

  it("is nothing that the user sees with never", () => {
    const { state, effects } = run(after(withBobby, tellWhere("never")), where);
    assert.deepEqual(effects, []);
    assert.deepEqual(state.sessions, withBobby.sessions);
  });
});
