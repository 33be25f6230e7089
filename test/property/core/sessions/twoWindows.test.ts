// Two windows, a server that may drop out, and links between them: in whatever order events of different connections arrive,
// both windows end with the same sessions and the same texts.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { PeerSession } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import type { MessageEntry } from "../../../../protocol/webview.ts";
import { type Side, Simulation } from "../../../support/simulation.ts";

const side = fc.constantFrom<Side>(0, 1);
const deliver = fc.record({ move: fc.constant("deliver" as const), choice: fc.nat(7), side });
const act = <M extends string>(
  ...moves: M[]
): fc.Arbitrary<{ readonly move: M; readonly choice: number; readonly side: Side }> =>
  fc.record({ move: fc.constantFrom(...moves), choice: fc.constant(0), side });

/** Mostly things go their way, so that there are sessions for what is rare to meet. */
const step = fc.oneof(
  { weight: 60, arbitrary: deliver },
  { weight: 8, arbitrary: act("fork") },
  { weight: 3, arbitrary: act("cancel") },
  { weight: 16, arbitrary: act("say") },
  { weight: 4, arbitrary: act("lobby", "peer") },
  { weight: 1, arbitrary: act("leave", "cut", "timer") },
  {
    weight: 1,
    arbitrary: fc.oneof({ weight: 3, arbitrary: act("revive") }, { weight: 1, arbitrary: act("kill") }),
  },
);

describe("two windows", function () {
  this.timeout(60_000);

  it("end with the same sessions and texts, whatever arrives first", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
        const world = new Simulation();
        world.join(0);
        world.join(1);
        world.settle();
        let text = 0;
        for (const { move, choice, side } of steps) {
          if (move === "deliver") world.deliver(choice);
          else if (move === "fork") world.type(side, side === 0 ? "\\fork bobby" : "\\fork anna");
          else if (move === "cancel") world.cancelForks(side);
          else if (move === "say") world.type(side, `text ${++text}`);
          else if (move === "lobby") world.type(side, "\\lobby");
          else if (move === "peer") world.type(side, side === 0 ? "\\sw bobby" : "\\sw anna");
          else if (move === "leave") world.type(side, "\\leave");
          else if (move === "timer") world.fire(side);
          else if (move === "cut") world.cut(side);
          else if (move === "kill") world.kill();
          else world.revive();
        }
        world.settle();
        assertSame(world);
      }),
      { numRuns: 500 },
    );
  });
});

describe("crossed forks", () => {
  it("become one session that both are switched to, whatever arrives first", () => {
    const order = fc.array(fc.nat(7), { maxLength: 30 });
    fc.assert(
      fc.property(side, order, order, (first, between, afterwards) => {
        const world = new Simulation();
        world.join(0);
        world.join(1);
        world.settle();
        const fork = (by: Side): void => {
          // Where the session is open already, there is nothing left to fork.
          if (world.states[by].sessions.length === 1)
            world.type(by, by === 0 ? "\\fork bobby" : "\\fork anna");
          else world.type(by, "\\sw 1");
        };
        fork(first);
        for (const choice of between) world.deliver(choice);
        fork(first === 0 ? 1 : 0);
        for (const choice of afterwards) world.deliver(choice);
        world.settle();
        assertSame(world);
        for (const state of world.states) {
          assert.deepEqual(
            state.sessions.map(({ number }) => number),
            [0, 1],
          );
          assert.equal(state.active, 1);
        }
      }),
    );
  });
});

function assertSame({ states, restarted }: Simulation): void {
  // What one left is over for both; the other may still have its last words to read.
  const [anna, bobby] = states.map((state) =>
    (state.sessions.slice(1) as PeerSession[]).filter(({ link }) => link === "open"),
  );
  assert.ok(anna !== undefined && bobby !== undefined);
  assert.ok(anna.length <= 1, "at most one session");
  assert.deepEqual(
    anna.map(({ sid, link }) => [sid, link]),
    bobby.map(({ sid, link }) => [sid, link]),
  );
  const mine = anna[0];
  const theirs = bobby[0];
  if (mine !== undefined && theirs !== undefined) {
    assert.deepEqual([mine.role, theirs.role].sort(), ["A", "B"]);
    assert.deepEqual([mine.pending, theirs.pending], [[], []]);
    assertEndAlike(texts(mine, true), texts(theirs, false));
    assertEndAlike(texts(theirs, true), texts(mine, false));
  }
  for (const state of states) {
    assert.equal(state.connection.status, "online");
    assert.deepEqual(state.users, ["anna", "bobby"]);
    assert.deepEqual([state.forks, state.invites, state.sessions[0].pending], [[], [], []]);
  }
  if (!restarted) assert.deepEqual(lobby(states[0]), lobby(states[1]), "the lobby reads the same to all");
}

/** One side may have kept the lines of an earlier session above those of this one. */
function assertEndAlike(a: string[], b: string[]): void {
  const length = Math.min(a.length, b.length);
  assert.deepEqual(a.slice(a.length - length), b.slice(b.length - length));
}

function texts(session: PeerSession, own: boolean): string[] {
  return messages(session.transcript).flatMap((entry) => (entry.own === own ? [entry.text] : []));
}

function lobby(state: State): string[] {
  return messages(state.sessions[0].transcript).map(({ from, text }) => `${from}: ${text}`);
}

function messages(transcript: PeerSession["transcript"]): MessageEntry[] {
  const { entries } = slice(transcript, transcript.start, transcript.end);
  return entries.filter((entry) => entry.kind === "message");
}
