import assert from "node:assert/strict";
import fc from "fast-check";
import { Outbox, Outlet } from "../../../../server/fanOut/outbox.ts";

class Reader extends Outlet {
  readonly backlog = 0;
  open = true;
  hears = false;
  read = "";
  writes = 0;
  /** What a reader of this kind has to read, frame by frame. */
  expected = "";
  /** How much of that is to be read when this turn is over. */
  own = 0;
  /** How much of that was published, and has to be read once publishing stops. */
  due = 0;

  write(chunks: readonly Buffer[]): void {
    this.read += Buffer.concat(chunks).toString();
    this.writes += 1;
  }

  overflow(): void {
    assert.fail("nothing is left unread here");
  }
}

const who = fc.nat({ max: 3 });
/** Readers that a turn after a busy one writes to. */
const part = fc.constantFrom(1, 2, 4);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("publish" as const), who, own: fc.nat({ max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("send" as const), who, frames: fc.nat({ max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("listen" as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("notice" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("end" as const), who }) },
);

describe("the outbox", () => {
  it("gives each reader its frames, whole, once and in order, in one write per tick", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), part, (steps, part) => {
        let endOfTurn: (() => void) | undefined;
        const outbox = new Outbox(
          1_000,
          (write) => (endOfTurn = write),
          () => undefined,
          { part },
        );
        const turn = (): void => {
          const write = endOfTurn;
          endOfTurn = undefined;
          write?.();
        };
        const readers = Array.from({ length: 4 }, () => new Reader());
        let count = 0;
        const frame = (): string => `<${String(++count)}>`;
        const flush = (): void => {
          for (const reader of readers) reader.writes = 0;
          outbox.flush();
          for (const { read, expected, writes } of readers) {
            assert.equal(read, expected);
            assert.ok(writes <= 1);
          }
        };
        for (const action of steps) {
          if (action.kind === "flush") {
            flush();
            continue;
          }
          if (action.kind === "notice") {
            const notice = frame();
            outbox.notice(Buffer.from(notice));
            for (const other of readers) if (other.hears) other.expected += notice;
            continue;
          }
          if (action.kind === "turn") {
            for (const reader of readers) reader.writes = 0;
            turn();
            for (const { read, expected, own, writes } of readers) {
              assert.ok(expected.startsWith(read));
              assert.ok(read.length >= own, "whoever has frames of its own does not wait for others");
              assert.ok(writes <= 1);
            }
            continue;
          }
          const reader = readers[action.who];
          assert.ok(reader);
          switch (action.kind) {
            case "publish": {
              const [shared, instead] = [frame(), frame()];
              // Only listeners speak. Every other time, the author gets nothing in its place.
              const author = reader.hears && action.own > 0 ? reader : undefined;
              const own = action.own > 1 ? instead : undefined;
              outbox.publish(Buffer.from(shared), author, own === undefined ? undefined : Buffer.from(own));
              for (const other of readers) {
                if (!other.hears) continue;
                other.expected += other === author ? (own ?? "") : shared;
                other.due = other.expected.length;
              }
              break;
            }
            case "send": {
              const frames = Array.from({ length: action.frames }, frame);
              outbox.send(
                reader,
                frames.map((text) => Buffer.from(text)),
              );
              if (reader.open) reader.expected += frames.join("");
              reader.own = reader.expected.length;
              break;
            }
            case "listen":
              if (reader.hears || !reader.open) break;
              outbox.listen(reader);
              reader.hears = true;
              break;
            case "end":
              outbox.end(reader);
              assert.equal(reader.read, reader.expected, "what was under way is written before the end");
              reader.open = false;
              reader.hears = false;
              break;
          }
        }
        while (endOfTurn !== undefined) turn();
        for (const { read, due } of readers)
          assert.ok(read.length >= due, "what was said has reached everybody");
        flush();
      }),
      { numRuns: 500 },
    );
  });
});
