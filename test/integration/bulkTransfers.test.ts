// Files between two windows' networks, over real sockets: a bulk link beside the session's link.
import assert from "node:assert/strict";
import { BLOCK_BYTES, CHUNK_BYTES } from "../../protocol/bulk.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { TcpProxy } from "../support/tcpProxy.ts";
import { fileId } from "../support/fileIds.ts";
import { bulkPair, type Files } from "./bulkHarness.ts";
import { atEnd, cleanUp } from "./netHarness.ts";
import { frameOf, greet, message, sid, target } from "./peerHarness.ts";

const ID = fileId(1);
const MIB = 1024 * 1024;

/** Bytes that no block repeats. */
function fileOf(size: number, seed = 1): Buffer {
  const random = seededRandom(seed);
  const file = Buffer.alloc(size, Buffer.from(Array.from({ length: 997 }, () => Math.floor(random() * 256))));
  for (let at = 0; at + 4 <= size; at += CHUNK_BYTES) file.writeUInt32LE(at, at);
  return file;
}

async function arrived(files: Files, id = ID): Promise<Buffer> {
  await files.finished.find((each): each is typeof ID => each === id);
  return files.parts.get(id) ?? Buffer.alloc(0);
}

describe("a file between two windows", function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  for (const [what, from, to] of [
    ["the side that dialed", "bobby", "anna"],
    ["the side that was dialed", "anna", "bobby"],
  ] as const) {
    it(`arrives whole when ${what} wants it`, async () => {
      const { files, anna, bobby } = await bulkPair();
      const data = fileOf(50 * MIB + 12_345);
      files[from].offer(ID, data);
      assert.equal(anna.bulkEvents.items.length + bobby.bulkEvents.items.length, 0);
      files[to].accept(ID, data.length);
      assert.ok((await arrived(files[to])).equals(data));
      assert.deepEqual(
        files[from].reads,
        Array.from({ length: 51 }, (_, i) => i),
      );
      await files[from].effects.find((effect): effect is "save" => effect === "save");
    });
  }

  it("goes both ways at once over one bulk link", async () => {
    const { files, anna, bobby } = await bulkPair();
    const [one, two] = [fileOf(5 * MIB, 2), fileOf(6 * MIB + 1, 3)];
    files.anna.offer(ID, one);
    files.bobby.offer(fileId(2), two);
    files.bobby.accept(ID, one.length);
    files.anna.accept(fileId(2), two.length);
    assert.ok((await arrived(files.bobby)).equals(one));
    assert.ok((await arrived(files.anna, fileId(2))).equals(two));
    for (const { bulkEvents } of [anna, bobby])
      assert.equal(bulkEvents.items.filter(({ type }) => type === "bulk/opened").length, 1);
  });

  it("is not slowed by the rates of messages", async () => {
    // A byte a second, after what a message needs: blocks do not count.
    const slow = { peerBytesPerSecond: 1, peerBurstBytes: 3 * CHUNK_BYTES, peerFramesPerSecond: 5 };
    const { files } = await bulkPair({ anna: slow, bobby: slow });
    const data = fileOf(20 * MIB);
    files.anna.offer(ID, data);
    files.bobby.accept(ID, data.length);
    assert.ok((await arrived(files.bobby)).equals(data));
  });

  it("goes on where it was when its bulk link breaks, again and again", async () => {
    const proxy = await TcpProxy.to(() => port);
    atEnd(() => proxy.close());
    let port = 0;
    let blocks = 0;
    const { files } = await bulkPair({
      by: (address) => {
        port = address.port;
        return Promise.resolve({ host: "127.0.0.1", port: proxy.port });
      },
      on: (who, event) => {
        if (who !== "bobby" || event.type !== "bulk/message" || event.frame.type !== "block") return;
        blocks += 1;
        if (blocks % 7 === 3 && blocks < 30) proxy.cutNewest();
      },
    });
    const data = fileOf(20 * MIB + 7);
    files.anna.offer(ID, data);
    files.bobby.accept(ID, data.length);
    assert.ok((await arrived(files.bobby)).equals(data));
    // At most one block is sent twice for each cut, and what was in memory is not read more often.
    assert.ok(blocks > 21 && blocks <= 21 + 2 * 4, `${blocks} blocks`);
  });

  it("goes on over the next link of its session", async () => {
    const { files, anna, bobby, address, meet } = await bulkPair();
    const data = fileOf(8 * MIB);
    files.anna.offer(ID, data);
    files.bobby.accept(ID, data.length);
    await bobby.bulkEvents.count(40);
    for (const network of [anna, bobby]) network.bulk.unlinked(sid);
    assert.equal(bobby.bulkEvents.items.at(-1)?.type, "bulk/closed");
    assert.equal(files.bobby.incoming.link, null);
    anna.closeLink("d1", 4003);
    anna.dial("d2", target(bobby, address));
    await greet(anna, "d2", bobby, "i2");
    meet("d2", "i2");
    assert.ok((await arrived(files.bobby)).equals(data));
  });

  it("is awaited ever longer, and another way, while its links bring frames and no block", async () => {
    const { files, anna, bobby } = await bulkPair();
    files.bobby.give = () => undefined;
    files.anna.accept(ID, MIB);
    for (const n of [1, 2]) {
      await bobby.bulkEvents.find(
        (event): event is typeof event => event.type === "bulk/opened" && event.n === n,
      );
      const credit = { type: "credit", bytes: n * CHUNK_BYTES } as const;
      bobby.bulk.send(sid, credit);
      await anna.bulkEvents.find(
        (event): event is typeof event =>
          event.type === "bulk/message" &&
          event.frame.type === "credit" &&
          event.frame.bytes === credit.bytes,
      );
      bobby.bulk.refuse(sid, "for the test");
    }
    await anna.event("bulk/needsTicket");
  });

  it("does not keep a message waiting, even while no byte of it gets through", async () => {
    const proxy = await TcpProxy.to(() => port);
    atEnd(() => proxy.close());
    let port = 0;
    const { files, anna, bobby } = await bulkPair({
      by: (address) => {
        port = address.port;
        return Promise.resolve({ host: "127.0.0.1", port: proxy.port });
      },
      on: (who, event) => {
        if (who === "bobby" && event.type === "bulk/message" && event.frame.type === "block")
          proxy.stallNewest();
      },
    });
    const data = fileOf(20 * MIB);
    files.anna.offer(ID, data);
    files.bobby.accept(ID, data.length);
    await bobby.bulkEvents.find((event): event is typeof event => event.type === "bulk/message");
    anna.sendLink("d1", message(1, "first"));
    await frameOf(bobby, "i1", ({ type }) => type === "message");
    // What the receiver allowed bounds what is on its way.
    assert.ok(files.anna.chunks * CHUNK_BYTES <= 2 * BLOCK_BYTES);
  });
});
