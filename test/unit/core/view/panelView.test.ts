// What the page gets: everything at first, then only changes.
import assert from "node:assert/strict";
import * as v from "valibot";
import {
  draftChanges,
  draftsOf,
  newestEntries,
  panelChange,
  panelState,
} from "../../../../extension/core/view/panelView.ts";
import { unreadTotal } from "../../../../extension/core/view/selectors.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { ENTRIES_PER_PAGE, HostMessage, PanelState } from "../../../../protocol/webview.ts";
import {
  after,
  blank,
  hear,
  join,
  joined,
  look,
  offline,
  online,
  open,
  said,
  tell,
  type,
  unlinked,
  withBoth,
} from "../../../support/core.ts";
import { lineText } from "../../../support/coreChecks.ts";

function change(before: State, after: State): { fields: string[]; lines: string[] } {
  const changed = panelChange(before, after);
  return {
    fields: Object.keys(changed?.state ?? {}).sort(),
    lines: (changed?.entries ?? []).flatMap(({ session, index, entries }) =>
      entries.map((entry, i) => `${session}.${index + i} ${lineText(entry)}`),
    ),
  };
}

describe("the panel's state", () => {
  it("passes the page's schema, in every stage", () => {
    for (const state of [blank, after(blank, join("anna")), online, withBoth, offline]) {
      assert.deepEqual(v.parse(PanelState, panelState(state)), panelState(state));
    }
  });

  it("shows each session with its mark, its state and its unread count", () => {
    const state = after(withBoth, hear("carmen", 1, "hi"), unlinked("bobby", "lost"));
    const views = panelState(state).sessions.map(({ name, mark, state, unread }) => [
      name,
      mark,
      state,
      unread,
    ]);
    assert.deepEqual(views, [
      ["lobby", undefined, "open", 0],
      ["bobby", "P->", "waiting", 0],
      ["carmen", "P~>", "open", 1],
    ]);
    assert.equal(unreadTotal(state), 1);
  });

  it("shows the lobby as closed without its server, and peer sessions as open", () => {
    assert.deepEqual(
      panelState(offline).sessions.map((session) => session.state),
      ["closed", "open", "open"],
    );
  });

  it("completes others' names, counts the user among those online, and offers what works here", () => {
    const { users, online: count, commands } = panelState(online);
    assert.deepEqual(users, ["bobby", "carmen"]);
    assert.equal(count, 3);
    assert.ok(commands.some((command) => command.name === "fork" && command.completes[0] === "forkable"));
    assert.ok(!commands.some((command) => command.name === "leave"));
  });

  it("never contains more people than a message may hold", () => {
    const items = Array.from({ length: 3000 }, (_, i) => ({ name: `guest${i}` }));
    const crowded = panelState(after(online, tell({ type: "users", items })));
    assert.equal(crowded.users.length, 1000);
    assert.equal(crowded.online, 3000);
    assert.deepEqual([crowded.targets.forkable.length, crowded.targets.blockable.length], [1000, 1000]);
  });
});

describe("a patch for the panel", () => {
  it("is empty when nothing has changed", () => {
    assert.equal(panelChange(online, online), null);
    assert.equal(panelChange(online, after(online, look(9))), null);
    assert.equal(panelChange(online, after(online, type("\\dnd", 0)))?.state?.busy, true);
  });

  it("for a new message contains that message and the sessions, not people, commands or history", () => {
    assert.deepEqual(change(withBoth, after(withBoth, hear("bobby", 1, "hi"))), {
      fields: ["sessions"],
      lines: ["1.2 bobby: hi"],
    });
  });

  it("for an arrival contains the people and its notice", () => {
    const { fields, lines } = change(online, after(online, tell({ type: "arrived", name: "dora" })));
    assert.deepEqual(fields, ["online", "sessions", "targets", "users"]);
    assert.deepEqual(lines, ["0.1 info dora has joined."]);
  });

  it("for another active session contains the commands that work there", () => {
    const { fields } = change(withBoth, after(withBoth, look(0)));
    assert.ok(fields.includes("active") && fields.includes("commands"));
  });

  it("for several events at once contains all of their lines", () => {
    const later = after(withBoth, hear("bobby", 1, "a"), said(1, "carmen", "b"), hear("bobby", 2, "c"));
    assert.deepEqual(change(withBoth, later).lines, ["0.1 carmen: b", "1.2 bobby: a", "1.3 bobby: c"]);
  });

  it("contains the newest lines of a new session", () => {
    assert.deepEqual(change(online, withBoth).lines.at(-1)?.slice(0, 15), "2.0 info carmen");
  });

  it("starts over when another conversation gets the same number", () => {
    const quit = after(withBoth, said(1, "bobby", "old"), type("\\quit"));
    const again = after(quit, join("anna"), open(2), tell(joined("anna"), 2));
    const more = after(again, type("\\help"), type("\\help"), type("\\help"), type("\\help"));
    for (const state of [quit, again, more]) {
      const lobby = panelChange(withBoth, state)?.entries.find((entries) => entries.session === 0);
      assert.deepEqual(lobby, newestEntries(state)[0]);
    }
  });

  it("passes the page's schema", () => {
    const message = { type: "patch", revision: 2, ...panelChange(blank, withBoth) };
    assert.equal(v.safeParse(HostMessage, message).success, true);
  });
});

describe("a draft update for a page", () => {
  const draft = (session: number, text: string) =>
    ({ type: "user/draft", session: sessionNumber(session), text, about: null }) as const;
  const held = (state: State) => new Map(draftsOf(state).map((each) => [each.session, each]));

  it("contains what was written elsewhere, and what still stands in its place", () => {
    const before = after(withBoth, draft(1, "to bobby"));
    const later = after(before, draft(1, "to bobby!"), draft(2, "to carmen"));
    assert.deepEqual(draftChanges(held(before), later), [
      { session: 1, text: "to bobby!", about: null, former: { text: "to bobby", about: null } },
      { session: 2, text: "to carmen", about: null, former: { text: "", about: null } },
    ]);
  });

  it("contains what was sent, including its reply", () => {
    const about = { kind: "reply", index: 0, from: "bobby", text: "hi" } as const;
    const before = after(withBoth, hear("bobby", 1, "hi"), { ...draft(1, "ho"), about });
    const [change, ...others] = draftChanges(held(before), after(before, type("ho", 1)));
    assert.deepEqual(others, []);
    assert.deepEqual(change, { session: 1, text: "", about: null, former: { text: "ho", about } });
  });

  it("is empty for what the page wrote itself, and for sessions that are gone", () => {
    const state = after(withBoth, draft(1, "to bobby"));
    assert.deepEqual(draftChanges(held(state), state), []);
    assert.deepEqual(draftChanges(held(state), after(state, type("\\leave", 1))), []);
  });
});

describe("a snapshot", () => {
  it("contains the newest lines of each session, one page of them", () => {
    const events = Array.from({ length: 250 }, (_, i) => hear("bobby", i + 1, `m${i + 1}`));
    const [, bobby] = newestEntries(after(withBoth, ...events));
    assert.equal(bobby?.entries.length, ENTRIES_PER_PAGE);
    assert.equal(bobby.index, 252 - ENTRIES_PER_PAGE);
    assert.equal(bobby.entries.at(-1)?.text, "m250");
  });
});
