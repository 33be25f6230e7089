// What counts as unread, and until when.
import { after, hear, look, notReached, show, unlinked, withBoth } from "../support/core.ts";
import { check, specify } from "../support/coreChecks.ts";

describe("unread messages", () => {
  specify([
    {
      description: "count up in sessions that are not looked at",
      given: withBoth,
      events: [hear("carmen", 1, "a"), hear("carmen", 2, "b")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +2"] },
    },
    {
      description: "do not count in the session that is seen",
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
      description: "are read when their session is looked at",
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
      description: "a session that is not there cannot be looked at",
      given: withBoth,
      events: [look(9)],
      expected: { unchanged: true },
    },
  ]);

  it("notices count for nothing", () => {
    const away = after(withBoth, unlinked("carmen", "lost"));
    check(away, Array(3).fill(notReached("carmen")), {
      sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B away"],
    });
  });
});
