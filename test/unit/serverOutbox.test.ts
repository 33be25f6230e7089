import assert from "node:assert/strict";
import { Outbox, Outlet, type Target } from "../../server/outbox.ts";

class FakeTarget implements Target {
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

  function listener(): { target: FakeTarget; outlet: Outlet } {
    const target = new FakeTarget();
    const outlet = new Outlet(target);
    outbox.listen(outlet);
    tick();
    return { target, outlet };
  }

  const bytes = (text: string): Buffer => Buffer.from(text);

  it("writes the frames of a tick once per listener, as one buffer that all share", () => {
    const [a, b] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.publish(bytes("2"));
    assert.deepEqual(a.target.writes, []);
    assert.equal(scheduled.length, 1);
    tick();
    assert.deepEqual([a.target.writes, b.target.writes], [["12"], ["12"]]);
    assert.equal(a.target.buffers[0], b.target.buffers[0]);
  });

  it("does not copy a frame that is alone in its tick", () => {
    const { target } = listener();
    const frame = bytes("alone");
    outbox.publish(frame);
    tick();
    assert.equal(target.buffers[0], frame);
  });

  it("gives an author what is sent instead, in its place", () => {
    const [author, other] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.publish(bytes("2"), author.outlet, bytes("a"));
    outbox.publish(bytes("3"));
    outbox.publish(bytes("4"), author.outlet);
    outbox.send(author.outlet, [bytes("p"), bytes("q")]);
    outbox.publish(bytes("5"));
    tick();
    assert.deepEqual(author.target.writes, ["1a3pq5"]);
    assert.deepEqual(other.target.writes, ["12345"]);
    outbox.publish(bytes("6"));
    tick();
    assert.deepEqual([author.target.writes[1], other.target.writes[1]], ["6", "6"]);
  });

  it("gives one who begins to listen within a tick only what comes after", () => {
    const early = listener();
    const target = new FakeTarget();
    const late = new Outlet(target);
    outbox.send(late, [bytes("c")]);
    outbox.publish(bytes("1"));
    outbox.send(late, [bytes("j")]);
    outbox.listen(late);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(target.writes, ["cj2"]);
    assert.deepEqual(early.target.writes, ["12"]);
  });

  it("gives one who does not listen nothing but its own", () => {
    const target = new FakeTarget();
    outbox.publish(bytes("1"));
    outbox.send(new Outlet(target), [bytes("own")]);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(target.writes, ["own"]);
  });

  it("keeps notices until they may be written, and asks for that once", () => {
    const { target } = listener();
    outbox.notice(bytes("1"));
    outbox.notice(bytes("2"));
    tick();
    assert.deepEqual(target.writes, []);
    assert.equal(noticesScheduled.length, 1);
    noticesScheduled.pop()?.();
    assert.deepEqual(target.writes, ["12"]);
    outbox.notice(bytes("3"));
    assert.equal(noticesScheduled.length, 1);
  });

  it("writes notices that wait before a message, in one write", () => {
    const { target } = listener();
    outbox.notice(bytes("1"));
    tick();
    outbox.publish(bytes("2"));
    outbox.notice(bytes("3"));
    tick();
    assert.deepEqual(target.writes, ["123"]);
    noticesScheduled.pop()?.();
    assert.deepEqual(target.writes, ["123"]);
  });

  it("lets nobody wait for an answer because notices wait, and tells each what was before it", () => {
    const [asking, other] = [listener(), listener()];
    outbox.notice(bytes("1"));
    tick();
    outbox.send(asking.outlet, [bytes("a")]);
    const target = new FakeTarget();
    const late = new Outlet(target);
    outbox.send(late, [bytes("w")]);
    outbox.listen(late);
    tick();
    assert.deepEqual([asking.target.writes, target.writes, other.target.writes], [["1a"], ["w"], []]);
    outbox.notice(bytes("2"));
    noticesScheduled.pop()?.();
    assert.deepEqual(
      [asking.target.writes, target.writes],
      [
        ["1a", "2"],
        ["w", "2"],
      ],
    );
    assert.deepEqual(other.target.writes, ["12"]);
  });

  it("writes first to who waits for an answer", () => {
    const order: string[] = [];
    const named = (name: string): Outlet => {
      const target = new FakeTarget();
      target.write = () => order.push(name);
      const outlet = new Outlet(target);
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

  it("after a busy turn, writes to a part at a time, to each all that was said since, and to who speaks at once", () => {
    outbox = new Outbox(1_000, (write) => scheduled.push(write), undefined, 2);
    const [a, b, c] = [listener(), listener(), listener()];
    const written = (): string[] => [a, b, c].map(({ target }) => target.writes.join(" "));
    outbox.publish(bytes("1"));
    tick();
    assert.deepEqual(written(), ["1", "1", "1"], "after quiet, to everybody in that turn");
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(written(), ["1 2", "1 2", "1"]);
    outbox.publish(bytes("3"), a.outlet, bytes("x"));
    tick();
    assert.deepEqual(written(), ["1 2 x", "1 2", "1 23"]);
    tick();
    assert.deepEqual(written(), ["1 2 x", "1 2 3", "1 23"]);
    while (scheduled.length > 0) tick();
    outbox.publish(bytes("4"));
    tick();
    assert.deepEqual(written(), ["1 2 x 4", "1 2 3 4", "1 23 4"], "quiet again");
  });

  it("brings a round that takes long to its end at once", () => {
    let now = 0;
    outbox = new Outbox(
      1_000,
      (write) => scheduled.push(write),
      undefined,
      1,
      () => now,
    );
    const [a, b, c] = [listener(), listener(), listener()];
    outbox.publish(bytes("1"));
    tick();
    outbox.publish(bytes("2"));
    tick();
    now = 250;
    tick();
    assert.deepEqual(
      [a, b, c].map(({ target }) => target.writes),
      [
        ["1", "2"],
        ["1", "2"],
        ["1", "2"],
      ],
    );
  });

  it("writes at an end what was before it and nothing after", () => {
    const [leaving, staying] = [listener(), listener()];
    outbox.publish(bytes("1"));
    outbox.send(leaving.outlet, [bytes("bye")]);
    outbox.end(leaving.outlet);
    assert.deepEqual(leaving.target.writes, ["1bye"]);
    outbox.publish(bytes("2"));
    tick();
    assert.deepEqual(leaving.target.writes, ["1bye"]);
    assert.deepEqual(staying.target.writes, ["12"]);
  });

  it("writes a large tick at once", () => {
    const { target } = listener();
    outbox.publish(Buffer.alloc(64 * 1024));
    assert.equal(target.writes.length, 1);
    tick();
    assert.equal(target.writes.length, 1);
  });

  it("writes nothing to a target that is not open", () => {
    const { target, outlet } = listener();
    target.open = false;
    outbox.publish(bytes("1"));
    tick();
    outbox.end(outlet);
    assert.deepEqual(target.writes, []);
  });

  it("drops a target whose backlog would pass the limit, and no other", () => {
    const [slow, quick] = [listener(), listener()];
    slow.target.backlog = 991;
    outbox.publish(bytes("123456789"));
    tick();
    assert.equal(slow.target.overflowed, false);
    outbox.publish(bytes("1234567890"));
    tick();
    assert.equal(slow.target.overflowed, true);
    assert.deepEqual(slow.target.writes, ["123456789"]);
    assert.equal(quick.target.writes.length, 2);
  });

  it("lets a single write be larger than the limit when nothing waits before it", () => {
    const { target, outlet } = listener();
    outbox.send(outlet, [Buffer.alloc(5_000)]);
    tick();
    assert.equal(target.overflowed, false);
    assert.equal(target.writes.length, 1);
  });
});
