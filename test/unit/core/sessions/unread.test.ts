// What counts as unread, and until when.
import assert from "node:assert/strict";
import { panelState } from "../../../../extension/core/view/panelView.ts";
import { unreadTotal } from "../../../../extension/core/view/selectors.ts";
import { sessionDetails } from "../../../../extension/core/view/sessionRow.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { above, after, hear, look, notReached, show, unlinked, withBoth } from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";

describe("unread messages", () => {
  specify([
    {
      description: "count up in background sessions",
      given: withBoth,
      events: [hear("carmen", 1, "a"), hear("carmen", 2, "b")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +2"] },
    },
    {
      description: "do not count in the visible session",
      given: withBoth,
      events: [hear("bobby", 1, "a")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"] },
    },
    {
      description: "count in the active session while the panel is hidden, until it is shown",
      given: after(withBoth, show(false), hear("bobby", 1, "a"), hear("bobby", 2, "b")),
      events: [],
      expected: { sessions: [" 0 lobby", "*1 bobby A open +2", " 2 carmen B open"] },
    },
    {
      description: "are read when the panel is shown",
      given: after(withBoth, show(false), hear("bobby", 1, "a"), hear("carmen", 1, "b")),
      events: [show(true)],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +1"] },
    },
    {
      description: "are read when their session is shown",
      given: after(withBoth, hear("carmen", 1, "b")),
      events: [look(2)],
      expected: { sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open"] },
    },
    {
      description: "stay unread when their session becomes active behind a hidden panel",
      given: after(withBoth, hear("carmen", 1, "b"), show(false)),
      events: [look(2)],
      expected: { sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open +1"] },
    },
    {
      description:
        "count in the session that is seen while its reader is further up, until its end is reached",
      given: after(withBoth, above(1), hear("bobby", 1, "a"), hear("bobby", 2, "b")),
      events: [],
      expected: { sessions: [" 0 lobby", "*1 bobby A open +2", " 2 carmen B open"] },
    },
    {
      description: "are read when the end is reached",
      given: after(withBoth, above(1), hear("bobby", 1, "a"), hear("carmen", 1, "b")),
      events: [above()],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +1"] },
    },
    {
      description: "stay unread when their session becomes active at a position further up",
      given: after(withBoth, above(2), hear("carmen", 1, "b")),
      events: [look(2)],
      expected: { sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open +1"] },
    },
    {
      description: "stay unread when the panel is shown again further up",
      given: after(withBoth, show(false), above(1), hear("bobby", 1, "a")),
      events: [show(true)],
      expected: { sessions: [" 0 lobby", "*1 bobby A open +1", " 2 carmen B open"] },
    },
    {
      description: "cannot be read in an unknown session",
      given: withBoth,
      events: [look(9)],
      expected: { unchanged: true },
    },
  ]);

  it("begin below a line where a reader left the end, not where they found it before", () => {
    const newFrom = (state: State) => state.sessions[1]?.newFrom;
    const found = after(withBoth, show(false), hear("bobby", 1, "a"), show(true));
    const first = newFrom(found);
    assert.ok(typeof first === "number");
    const left = after(found, above(1));
    assert.equal(newFrom(left), first, "it stays for who goes up to it");
    const more = after(left, hear("bobby", 2, "b"), hear("bobby", 3, "c"));
    assert.equal(newFrom(more), first + 1);
    assert.equal(newFrom(after(more, above())), first + 1);
    assert.equal(newFrom(after(left, show(false))), null, "whoever turns away has read all");
  });

  it("are equal in the sessions, in the tree and in total, wherever their reader is", () => {
    const state = after(withBoth, above(1), hear("bobby", 1, "a"), hear("carmen", 1, "b"));
    const counts = panelState(state).sessions.map(({ unread }) => unread);
    assert.deepEqual(counts, [0, 1, 1]);
    assert.equal(unreadTotal(state), 2);
    const [, bobby] = state.sessions;
    assert.ok(bobby !== undefined && sessionDetails(state, bobby).includes("1 unread"));
  });

  it("never count notices", () => {
    const away = after(withBoth, unlinked("carmen", "lost"));
    check(away, Array(3).fill(notReached("carmen")), {
      sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B waiting"],
    });
  });
});
