// What clients have not taken yet: for how long, and how much of it. No socket and no clock.
import assert from "node:assert/strict";
import { Unread, type Reader } from "../../../../server/budgets/unread.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const READ_MS = 10_000;
const BYTES = 1024 * 1024;

class Client implements Reader {
  readonly address: string;
  backlog = 0;
  cuts = 0;
  taken = (): void => undefined;

  constructor(address: string) {
    this.address = address;
  }

  overflow(): void {
    this.cuts += 1;
  }
}

describe("a welcome that a client does not read", () => {
  const time = new FakeTimers();
  let unread: Unread;

  beforeEach(() => {
    time.install();
    unread = new Unread({
      readMs: READ_MS,
      bytes: BYTES,
      later: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    });
  });
  afterEach(() => time.uninstall());

  /** Writes so many bytes, none of which the network takes. */
  function write(client: Client, bytes: number): void {
    unread.watch(client, bytes, (taken) => {
      client.backlog += bytes;
      client.taken = () => {
        client.backlog -= bytes;
        taken();
      };
    });
  }

  it("is cut when its time is over", () => {
    const client = new Client("192.0.2.1");
    write(client, 1_000);
    time.pass(READ_MS - 1);
    assert.equal(client.cuts, 0);
    time.pass(1);
    assert.equal(client.cuts, 1);
  });

  it("costs nothing once it is read, at once or later", () => {
    const [slow, fast] = [new Client("192.0.2.1"), new Client("192.0.2.1")];
    unread.watch(fast, BYTES, (taken) => taken());
    write(slow, BYTES);
    time.pass(READ_MS - 1);
    slow.taken();
    time.pass(READ_MS);
    write(slow, BYTES);
    slow.taken();
    assert.deepEqual([slow.cuts, fast.cuts], [0, 0]);
  });

  it("gets no more time when the client asks for more", () => {
    const client = new Client("192.0.2.1");
    write(client, 1_000);
    time.pass(READ_MS - 1);
    write(client, 1_000);
    time.pass(1);
    assert.equal(client.cuts, 1);
  });

  it("is cut above the limit for all together, the oldest of the address with the most first", () => {
    const honest = new Client("192.0.2.1");
    write(honest, BYTES / 8);
    const others = Array.from({ length: 8 }, () => new Client("192.0.2.2"));
    for (const client of others) write(client, BYTES / 4);
    assert.deepEqual(
      others.map(({ cuts }) => cuts),
      [1, 1, 1, 1, 1, 0, 0, 0],
    );
    assert.equal(honest.cuts, 0);
  });
});
