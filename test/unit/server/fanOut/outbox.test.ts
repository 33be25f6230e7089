import assert from "node:assert/strict";
import { createTally } from "../../../../server/base/tally.ts";
import { Outbox, Outlet } from "../../../../server/fanOut/outbox.ts";

class FakeOutlet extends Outlet {
  open = true;
  backlog = 0;
  overflowed = false;
  readonly writes: string[] = [];
  readonly buffers: Buffer[] = [];

  write(chunks: readonly Buffer[]): void {
    this.writes.push(Buffer.concat(chunks).toString());
    this.buffers.push(...chunks);
  }

  overflow(): void {
    this.overflowed = true;
  }
}

describe("the outbox", () => {
  let scheduled: (() => void)[];
  let noticesScheduled: (() => void)[];
  let outbox: Outbox;
  beforeEach(() => {
    scheduled = [];
    noticesScheduled = [];
    outbox = new Outbox(
      1_000,
      (flush) => scheduled.push(flush),
      (flush) => noticesScheduled.push(flush),
    );
  });

  function tick(): void {
    for (const flush of scheduled.splice(0)) flush();
  }

  function listener(): FakeOutlet {
    const outlet = new FakeOutlet();
    outbox.listen(outlet);
    tick();
    return outlet;
  }

  const bytes = (text: string): Buffer => Buffer.from(text);

  it("writes the frames of a tick once per listener, as one shared buffer", () => {
    const [a, b] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.publish(bytes("2"));
    assert.deepEqual(a.writes, []);
    assert.equal(scheduled.length, 1);
    tick();
    assert.deepEqual([a.writes, b.writes], [["12"], ["12"]]);
    assert.equal(a.buffers[0], b.buffers[0]);
  });

  it("does not copy a single frame in its tick", () => {
    const outlet = listener();
    const frame = bytes("alone");
    outbox.publish(frame);
    tick();
    assert.equal(outlet.buffers[0], frame);
  });

  it("gives an author the alternative frame, in its place", () => {
    const [author, other] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.publish(bytes("2"), author, bytes("a"));
    outbox.publish(bytes("3"));
    outbox.publish(bytes("4"), author);
    outbox.send(author, [bytes("p"), bytes("q")]);
    outbox.publish(bytes("5"));
    tick();
    assert.deepEqual(author.writes, ["1a3pq5"]);
    assert.deepEqual(other.writes, ["12345"]);
    outbox.publish(bytes("6"));
    tick();
    assert.deepEqual([author.writes[1], other.writes[1]], ["6", "6"]);
  });

  it("gives a listener that subscribes within a tick only what follows", () => {
    const early = listener();
    const late = new FakeOutlet();
    outbox.send(late, [bytes("c")]);
    outbox.publish(bytes("1"));
    outbox.send(late, [bytes("j")]);
    outbox.listen(late);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(late.writes, ["cj2"]);
    assert.deepEqual(early.writes, ["12"]);
  });

  it("gives an unsubscribed outlet only its own frames", () => {
    const outlet = new FakeOutlet();
    outbox.publish(bytes("1"));
    outbox.send(outlet, [bytes("own")]);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(outlet.writes, ["own"]);
  });

  it("holds notices until they may be written, and requests that once", () => {
    const outlet = listener();
    outbox.notice(bytes("1"));
    outbox.notice(bytes("2"));
    tick();
    assert.deepEqual(outlet.writes, []);
    assert.equal(noticesScheduled.length, 1);
    noticesScheduled.pop()?.();
    assert.deepEqual(outlet.writes, ["12"]);
    outbox.notice(bytes("3"));
    assert.equal(noticesScheduled.length, 1);
  });

  it("writes held notices before a message, in one write", () => {
    const outlet = listener();
    outbox.notice(bytes("1"));
    tick();
    outbox.publish(bytes("2"));
    outbox.notice(bytes("3"));
    tick();
    assert.deepEqual(outlet.writes, ["123"]);
    noticesScheduled.pop()?.();
    assert.deepEqual(outlet.writes, ["123"]);
  });

  it("delays no answer because of held notices, and keeps each reader's order", () => {
    const [asking, other] = [listener(), listener()];
    outbox.notice(bytes("1"));
    tick();
    outbox.send(asking, [bytes("a")]);
    const late = new FakeOutlet();
    outbox.send(late, [bytes("w")]);
    outbox.listen(late);
    tick();
    assert.deepEqual([asking.writes, late.writes, other.writes], [["1a"], ["w"], []]);
    outbox.notice(bytes("2"));
    noticesScheduled.pop()?.();
    assert.deepEqual(
      [asking.writes, late.writes],
      [
        ["1a", "2"],
        ["w", "2"],
      ],
    );
    assert.deepEqual(other.writes, ["12"]);
  });

  it("writes first to outlets that wait for an answer", () => {
    const order: string[] = [];
    const named = (name: string): Outlet => {
      const outlet = new FakeOutlet();
      outlet.write = () => order.push(name);
      outbox.listen(outlet);
      return outlet;
    };
    named("early");
    const author = named("author");
    named("late");
    outbox.publish(bytes("1"), author, bytes("a"));
    tick();
    assert.deepEqual(order, ["author", "early", "late"]);
  });

  it("after a busy turn, writes to some at a time, with everything queued since, and to authors at once", () => {
    outbox = new Outbox(1_000, (write) => scheduled.push(write), undefined, { part: 2 });
    const [a, b, c] = [listener(), listener(), listener()];
    const written = (): string[] => [a, b, c].map(({ writes }) => writes.join(" "));
    outbox.publish(bytes("1"));
    tick();
    assert.deepEqual(written(), ["1", "1", "1"], "after quiet, to everybody in that turn");
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(written(), ["1 2", "1 2", "1"]);
    outbox.publish(bytes("3"), a, bytes("x"));
    tick();
    assert.deepEqual(written(), ["1 2 x", "1 2", "1 23"]);
    tick();
    assert.deepEqual(written(), ["1 2 x", "1 2 3", "1 23"]);
    while (scheduled.length > 0) tick();
    outbox.publish(bytes("4"));
    tick();
    assert.deepEqual(written(), ["1 2 x 4", "1 2 3 4", "1 23 4"], "quiet again");
  });

  it("finishes a slow round at once", () => {
    let now = 0;
    outbox = new Outbox(1_000, (write) => scheduled.push(write), undefined, { part: 1, now: () => now });
    const [a, b, c] = [listener(), listener(), listener()];
    outbox.publish(bytes("1"));
    tick();
    outbox.publish(bytes("2"));
    tick();
    now = 250;
    tick();
    assert.deepEqual(
      [a, b, c].map(({ writes }) => writes),
      [
        ["1", "2"],
        ["1", "2"],
        ["1", "2"],
      ],
    );
  });

  it("counts frames for everyone once for each reader that gets them, and all bytes", () => {
    const tally = createTally();
    outbox = new Outbox(1_000, (write) => scheduled.push(write), undefined, { tally });
    const [author, reader, slow] = [listener(), listener(), listener()];
    outbox.send(reader, [bytes("own")]);
    outbox.publish(bytes("12"), author, bytes("ack"));
    outbox.notice(bytes("3"), reader);
    outbox.notice(bytes("4"));
    outbox.flush();
    // The message for two, a notice for two and another for all three.
    assert.deepEqual([tally.deliveries, tally.writtenBytes], [7, 3 + (3 + 1 + 1) + (2 + 1) + (2 + 1 + 1)]);
    slow.backlog = 1_000;
    outbox.publish(bytes("5"));
    outbox.flush();
    assert.deepEqual([tally.deliveries, tally.writtenBytes], [9, 17]);
  });

  it("at an end, writes what came before it and nothing after", () => {
    const [leaving, staying] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.send(leaving, [bytes("bye")]);
    outbox.end(leaving);
    assert.deepEqual(leaving.writes, ["1bye"]);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(leaving.writes, ["1bye"]);
    assert.deepEqual(staying.writes, ["12"]);
  });

  it("writes a large tick at once", () => {
    const outlet = listener();
    outbox.publish(Buffer.alloc(64 * 1024));
    assert.equal(outlet.writes.length, 1);
    tick();
    assert.equal(outlet.writes.length, 1);
  });

  it("writes nothing to an outlet that is not open", () => {
    const outlet = listener();
    outlet.open = false;
    outbox.publish(bytes("1"));
    tick();
    outbox.end(outlet);
    assert.deepEqual(outlet.writes, []);
  });

  it("drops an outlet whose backlog would exceed the limit, and no other", () => {
    const [slow, quick] = [listener(), listener()];
    slow.backlog = 991;
    outbox.publish(bytes("123456789"));
    tick();
    assert.equal(slow.overflowed, false);
    outbox.publish(bytes("1234567890"));
    tick();
    assert.equal(slow.overflowed, true);
    assert.deepEqual(slow.writes, ["123456789"]);
    assert.equal(quick.writes.length, 2);
  });

  it("allows a single write larger than the limit when nothing waits before it", () => {
    const outlet = listener();
    outbox.send(outlet, [Buffer.alloc(5_000)]);
    tick();
    assert.equal(outlet.overflowed, false);
    assert.equal(outlet.writes.length, 1);
  });
});
