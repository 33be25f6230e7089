import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { Epoch, MessageId, Pin, SessionId } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import { parseName } from "../../../../protocol/nameRules.ts";
import { nameKey, numberedName } from "../../../../protocol/names.ts";
import { Directory } from "../../../../server/names/directory.ts";
import { Invitations, type Invite } from "../../../../server/hall/invitations.ts";
import { Lobby } from "../../../../server/hall/lobby.ts";
import { pin } from "../../../support/core.ts";

const owner = { pin: v.parse(Pin, "o".repeat(43)), address: "192.0.2.1" };
const names = fc.constantFrom(
  "anna",
  "Anna",
  "ANNA",
  "anna_2",
  "anna_3",
  "bobby",
  "\uff42obby",
  "n".repeat(32),
  "\u03a3\u03a3",
);

describe("the directory", () => {
  it("gives each name to one person at a time, the lowest free number first, and frees it again", () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("enter" as const), name: names }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), index: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const directory = new Directory<number>();
        const online: { name: string; key: string }[] = [];
        for (const [n, action] of steps.entries()) {
          if (action.kind === "enter") {
            const parsed = parseName(action.name);
            assert.ok(parsed.ok);
            const taken = new Set(online.map(({ key }) => key));
            let expected = parsed.value;
            for (let i = 2; taken.has(nameKey(expected)); i++) expected = numberedName(parsed.value, i);
            const entry = directory.enter(parsed.value, n);
            assert.equal(entry.name, expected);
            assert.equal(entry.key, nameKey(entry.name));
            assert.equal(directory.find(entry.name.toUpperCase().normalize("NFKC")), entry);
            online.push(entry);
          } else if (online.length > 0) {
            const [gone] = online.splice(action.index % online.length, 1);
            assert.ok(gone !== undefined && directory.remove(gone.key));
            assert.equal(directory.find(gone.name), undefined);
            assert.equal(directory.remove(gone.key), false);
          }
          assert.equal(directory.size, online.length);
          assert.deepEqual(
            [...directory.entries()].map(({ name }) => name),
            online.map(({ name }) => name),
          );
          assert.equal(new Set(online.map(({ name }) => nameKey(name))).size, online.length);
        }
      }),
    );
  });

  it("gives no one a number with which the name is reserved", () => {
    const directory = new Directory<number>();
    const given = Array.from({ length: 12 }, (_, n) => directory.enter("a", n).name);
    // `a_11` reads as “all”.
    assert.deepEqual(given.slice(-3), ["a_10", "a_12", "a_13"]);
    for (const name of given) assert.ok(parseName(name).ok, name);
  });
});

describe("the lobby", () => {
  it("numbers without gaps, repeats nothing, and delivers exactly what was missed or reports a gap", () => {
    const limits = {
      historyMessages: 5,
      historyChanges: 5,
      historyBytes: 60,
      authors: 5,
      saidIds: 10,
      saidIdsPerKey: 10,
    };
    const message = fc.record({
      author: fc.constantFrom("anna", "bobby"),
      id: fc.integer({ min: 0, max: 12 }),
      size: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60, size: "max" }), (messages) => {
        const epoch = v.parse(Epoch, "epoch-one");
        const lobby = new Lobby(epoch, limits);
        const told: Buffer[] = [];
        const said = new Map<number, string>();
        for (const { author, id, size } of messages) {
          const messageId = v.parse(MessageId, String(id));
          const known = lobby.find(author, messageId);
          if (known !== undefined) {
            assert.equal(said.get(known.seq), `${author} ${messageId}`);
            continue;
          }
          const place = lobby.say({ author, owner, id: messageId, about: undefined }, 0, () =>
            Buffer.alloc(size),
          );
          told.push(place.frame);
          said.set(place.seq, `${author} ${messageId}`);
          assert.equal(place.seq, told.length);
          assert.equal(lobby.seq, told.length);
        }
        let kept = 0;
        for (let seq = 0; seq <= told.length; seq++) {
          const { frames, gap } = lobby.since({ epoch, seq });
          kept = Math.max(kept, frames.length);
          assert.deepEqual(frames, told.slice(told.length - frames.length));
          assert.equal(gap, frames.length < told.length - seq);
        }
        assert.ok(kept <= limits.historyMessages);
        assert.ok(
          told.slice(told.length - kept).reduce((sum, frame) => sum + frame.length, 0) <= limits.historyBytes,
        );
      }),
    );
  });
});

describe("invitations", () => {
  it("answer each fork exactly once, introduce only people who accepted, and never create two for one pair", () => {
    const people = ["anna", "bobby", "carmen", "dora"];
    const person = fc.constantFrom(...people);
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("fork" as const), a: person, b: person }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("answer" as const), a: person, n: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), a: person }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("expire" as const), n: fc.nat() }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: "max" }), (steps) => {
        const invitations = new Invitations({ ...limits, pendingForks: 2 });
        /** The model: invitations that wait, by their session. */
        const waiting = new Map<string, Invite>();
        const answered = new Set<string>();
        let next = 0;
        const end = (invite: Invite): void => {
          assert.ok(waiting.delete(invite.sid), "ended without having been open");
          assert.ok(!answered.has(invite.id), "answered twice");
          answered.add(invite.id);
        };
        for (const action of steps) {
          const all = [...waiting.values()];
          switch (action.kind) {
            case "fork": {
              const { a: caller, b: callee } = action;
              const id = v.parse(MessageId, `fork-${String(++next)}`);
              const sid = v.parse(SessionId, `session-${String(next)}`);
              const keeper = { pin: pin(caller), address: "192.0.2.1" };
              const outcome = invitations.fork({
                id,
                sid,
                caller,
                callee,
                connection: 1,
                keeper,
              });
              const between = all.find(
                (invite) => [invite.caller, invite.callee].sort().join() === [caller, callee].sort().join(),
              );
              if (caller === callee) assert.deepEqual(outcome, { ok: false, error: "self-fork" });
              else if (between?.caller === caller)
                assert.deepEqual(outcome, { ok: false, error: "fork-pending" });
              else if (between !== undefined) {
                assert.deepEqual(outcome, { ok: true, value: { kind: "crossed", invite: between } });
                answered.add(id);
                end(between);
              } else if (all.filter((invite) => invite.caller === caller).length >= 2) {
                assert.deepEqual(outcome, { ok: false, error: "too-many-forks" });
              } else {
                assert.ok(outcome.ok && outcome.value.kind === "invited");
                waiting.set(sid, outcome.value.invite);
              }
              break;
            }
            case "answer": {
              const invite = all[action.n % Math.max(1, all.length)];
              if (invite === undefined) break;
              const result = invitations.answer(action.a, invite.sid);
              assert.equal(result, invite.callee === action.a ? invite : undefined);
              if (result !== undefined) end(result);
              break;
            }
            case "leave": {
              const told = invitations.leave(action.a);
              assert.deepEqual(
                told,
                all.filter((invite) => invite.callee === action.a || invite.caller === action.a),
              );
              for (const invite of told) end(invite);
              break;
            }
            case "expire": {
              const invite = all[action.n % Math.max(1, all.length)];
              if (invite === undefined) break;
              assert.equal(invitations.expire(invite.sid), invite);
              end(invite);
              assert.equal(invitations.expire(invite.sid), undefined);
              break;
            }
          }
          assert.equal(invitations.size, waiting.size);
        }
        for (const { sid } of [...waiting.values()]) end(invitations.expire(sid) ?? assert.fail());
        assert.equal(invitations.size, 0);
      }),
    );
  });
});
