import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch, SessionId, Token } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { Outbox, Outlet, type Target } from "../../server/outbox.ts";
import { Rendezvous, type Client } from "../../server/rendezvous.ts";

/** A client without a socket, whose frames are short ones only. */
class FakeClient implements Client, Target {
  readonly address = "127.0.0.1";
  readonly outlet = new Outlet(this);
  readonly open = true;
  readonly backlog = 0;
  member: Client["member"] = undefined;
  readonly received: ServerMessage[] = [];
  readonly answers: string[] = [];

  write(chunks: readonly Buffer[]): void {
    let rest = Buffer.concat(chunks);
    while (rest.length > 0) {
      const [length, offset] = rest[1] === 126 ? [rest.readUInt16BE(2), 4] : [rest[1] ?? 0, 2];
      const payload = rest.subarray(offset, offset + length).toString();
      this.received.push(v.parse(ServerMessage, JSON.parse(payload)));
      rest = rest.subarray(offset + length);
    }
  }

  overflow(): void {
    assert.fail("nothing is left unread here");
  }

  joined(): void {
    this.answers.push("joined");
  }

  fail(code: string): void {
    this.answers.push(code);
  }

  refuse(code: string): void {
    this.answers.push(code);
  }

  close(code: number): void {
    this.answers.push(`closed ${String(code)}`);
  }
}

describe("the rendezvous, in time", () => {
  let now: number;
  let wakes: number[];
  let outbox: Outbox;
  let rendezvous: Rendezvous;
  beforeEach(() => {
    now = 1_000;
    wakes = [];
    outbox = new Outbox(limits.backlogBytes, () => undefined);
    let ids = 0;
    const nextId = (): string => `id-${String(++ids).padStart(22, "0")}`;
    rendezvous = new Rendezvous({
      epoch: v.parse(Epoch, "epoch-one"),
      reach: "loopback",
      framesPerSecond: limits.framesPerSecond,
      outbox,
      log: () => undefined,
      now: () => now,
      wallTime: () => 1_790_000_000_000,
      newSessionId: () => v.parse(SessionId, nextId()),
      newToken: () => v.parse(Token, nextId()),
      wake: (ms) => wakes.push(ms),
    });
  });

  function join(name: string): FakeClient {
    const client = new FakeClient();
    rendezvous.connected(client);
    receive(client, { type: "join", v: 1, name });
    return client;
  }

  function receive(client: FakeClient, message: v.InferInput<typeof ClientMessage>): void {
    rendezvous.received(client, v.parse(ClientMessage, message));
    outbox.flush();
  }

  it("declines a fork that nobody answers when its time is over, once, and not before", () => {
    const [anna, bobby] = [join("anna"), join("bobby")];
    receive(anna, { type: "fork", id: "f-1", to: "bobby" });
    assert.equal(bobby.received.at(-1)?.type, "invite");
    assert.deepEqual(wakes, [limits.introductionMs]);
    now += limits.introductionMs - 1;
    rendezvous.expire();
    outbox.flush();
    assert.equal(anna.received.at(-1)?.type, "arrived");
    assert.deepEqual(wakes, [limits.introductionMs, 1]);
    now += 1;
    rendezvous.expire();
    outbox.flush();
    assert.deepEqual(anna.received.at(-1), { type: "declined", id: "f-1", to: "bobby", reason: "timeout" });
    assert.equal(wakes.length, 2, "nothing is left to wait for");
    const count = anna.received.length;
    rendezvous.expire();
    outbox.flush();
    assert.equal(anna.received.length, count);
  });

  it("asks to be woken once for many forks, at the first one's end", () => {
    const [anna, bobby, carmen] = [join("anna"), join("bobby"), join("carmen")];
    receive(anna, { type: "fork", id: "f-1", to: "bobby" });
    now += 100;
    receive(carmen, { type: "fork", id: "f-2", to: "bobby" });
    assert.deepEqual(wakes, [limits.introductionMs]);
    now += limits.introductionMs - 100;
    rendezvous.expire();
    assert.deepEqual(wakes, [limits.introductionMs, 100]);
    outbox.flush();
    assert.equal(bobby.answers.length, 1);
  });

  it("does not take the end of a replaced connection for the end of its client", () => {
    const [anna, bobby] = [join("anna"), join("bobby")];
    const joined = anna.received.find((message) => message.type === "joined");
    assert.ok(joined?.type === "joined");
    const again = new FakeClient();
    rendezvous.connected(again);
    receive(again, { type: "join", v: 1, name: "anna", resume: joined.resume });
    rendezvous.disconnected(anna, "lost");
    receive(bobby, { type: "users" });
    assert.deepEqual(bobby.received.at(-1), { type: "users", items: [{ name: "anna" }, { name: "bobby" }] });
    assert.deepEqual(anna.answers, ["joined", "closed 4003"]);
  });
});
