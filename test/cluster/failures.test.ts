// Engines that die, pause, fill their disk or lose their data: what a client is told, and that it goes on afterwards.
import assert from "node:assert/strict";
import type { Etcd } from "../../server/cluster/etcd.ts";
import { Engine } from "../support/etcd.ts";
import type { EtcdMember } from "../support/etcdMember.ts";
import { ResendingWriter } from "../support/resendingWriter.ts";
import { eventuallySucceeded, failed, succeeded } from "../support/succeeded.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

const put = { put: { key: "fc/a", value: "x" } };
const LOG = "fc/log";
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe("an etcd of three members", function () {
  this.timeout(120_000);
  let engine: Engine;
  beforeEach(async () => {
    engine = await Engine.start({ members: 3 });
  });
  afterEach(() => engine.stop());

  /** A follower, whose failure causes no election, and the endpoints from it on. */
  async function followerFirst(): Promise<{ follower: EtcdMember; endpoints: [string, ...string[]] }> {
    const leader = await engine.leader();
    const [follower, other] = engine.members.filter((member) => member !== leader);
    assert.ok(follower !== undefined && other !== undefined);
    return { follower, endpoints: [follower.endpoint, other.endpoint, leader.endpoint] };
  }

  it("loses and doubles nothing while its leader is killed, paused and restarted", async () => {
    const writer = new ResendingWriter(engine.open(), LOG);
    const recorder = WatchRecorder.following(engine.open(), { key: LOG }, 1);
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await writer.writeNext();
    };
    await write(20);
    const first = await engine.leader();
    const killed = first.kill();
    await write(20);
    await killed;
    await first.start();
    const second = await engine.leader();
    await second.pause();
    await write(20);
    second.resume();
    await write(20);
    await recorder.until(({ values }) => values.length >= 80);
    recorder.stop();
    assert.deepEqual(recorder.values, numbers(80));
    assert.deepEqual(succeeded(await engine.open().range({ key: LOG })).items[0]?.value, "80");
  });

  it("is used at the next member when one is away", async () => {
    const lines: string[] = [];
    const { follower, endpoints } = await followerFirst();
    const etcd = engine.open({ endpoints }, (level, event, fields) =>
      lines.push(`${level} ${event} ${String(fields?.["endpoint"])} ${String(fields?.["code"])}`),
    );
    await follower.kill();
    const writer = new ResendingWriter(etcd, LOG);
    await writer.writeNext();
    assert.equal((await eventuallySucceeded(() => etcd.range({ key: LOG }))).items[0]?.value, "1");
    // There was no connection to the first member, so neither was in doubt there.
    assert.ok(!writer.failures.includes("unreachable"));
    const about = lines.filter((line) => line.includes(follower.endpoint));
    assert.deepEqual(new Set(about), new Set([`warn etcd-fault ${follower.endpoint} unreachable`]));
  });

  it("is used at the next member when one is paused", async () => {
    const { follower, endpoints } = await followerFirst();
    const etcd = engine.open({ endpoints });
    const lease = succeeded(await etcd.grantLease(60));
    const recorder = WatchRecorder.following(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ alive }) => alive.length === 1);
    await follower.pause();
    const { code, inDoubt } = failed(await etcd.keepAlive(lease));
    assert.deepEqual([code, inDoubt], ["timeout", false]);
    assert.ok((await eventuallySucceeded(() => etcd.keepAlive(lease))) > 0);
    await new ResendingWriter(etcd, LOG).writeNext();
    await recorder.until(({ values }) => values.length === 1);
    recorder.stop();
    assert.deepEqual(recorder.values, ["1"]);
  });

  it("does nothing without a majority, and says so", async () => {
    const etcd = engine.open();
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ alive }) => alive.length === 1);
    await Promise.all([engine.members[1]?.kill(), engine.members[2]?.kill()]);
    await recorder.until(({ ends }) => ends.length > 0);
    assert.equal(recorder.ends[0]?.reason, "lost");
    const alone = engine.open({ endpoints: [engine.access.endpoints[0]] });
    const { code, inDoubt } = failed(await alone.txn([], [put]));
    assert.deepEqual([code, inDoubt], ["timeout", true]);
    assert.equal(failed(await alone.range({ key: "fc/a" })).inDoubt, false);
    await Promise.all([engine.members[1]?.start(), engine.members[2]?.start()]);
    const writer = new ResendingWriter(alone, LOG);
    await writer.writeNext();
  });
});

describe("an etcd of one member", () => {
  let engine: Engine;
  let etcd: Etcd;
  beforeEach(async () => {
    engine = await Engine.start();
    etcd = engine.open();
  });
  afterEach(() => engine.stop());

  it("that is paused leaves a put in doubt, but not a read", async () => {
    const [member] = engine.members;
    const lease = succeeded(await etcd.grantLease(60));
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ alive }) => alive.length === 1);
    await member?.pause();
    const [written, read, kept] = await Promise.all([
      etcd.txn([], [put]),
      etcd.range({ key: "fc/a" }),
      etcd.keepAlive(lease),
    ]);
    assert.deepEqual([failed(written).code, failed(written).inDoubt], ["timeout", true]);
    assert.deepEqual([failed(read).code, failed(read).inDoubt], ["timeout", false]);
    assert.deepEqual([failed(kept).code, failed(kept).inDoubt], ["timeout", false]);
    await recorder.until(({ ends }) => ends.length > 0);
    const [end] = recorder.ends;
    assert.ok(end?.reason === "lost" && end.error.code === "timeout", JSON.stringify(end));
    member?.resume();
    const writer = new ResendingWriter(etcd, LOG);
    await writer.writeNext();
    assert.ok((await eventuallySucceeded(() => etcd.keepAlive(lease))) > 0);
  });

  it("that is away is not reached: nothing is in doubt", async () => {
    const [member] = engine.members;
    succeeded(await etcd.txn([], [put]));
    await member?.kill();
    const other = engine.open();
    for (const result of [await other.txn([], [put]), await other.txn([], [put])]) {
      const { code, inDoubt } = failed(result);
      assert.deepEqual([code, inDoubt], ["unreachable", false]);
    }
    await member?.start();
    const { items } = await eventuallySucceeded(() => etcd.range({ key: "fc/a" }));
    assert.equal(items[0]?.value, "x", "It is on the disk.");
  });

  it("that has lost its data shows it by its revision", async () => {
    for (const _ of numbers(5)) succeeded(await etcd.txn([], [put]));
    const { revision } = succeeded(await etcd.range({ key: "fc/a" }));
    const recorder = WatchRecorder.following(etcd, { prefix: "fc/" }, revision + 1);
    await recorder.until(({ alive }) => alive.length === 1);
    await engine.restartEmpty();
    await recorder.until(({ alive }) => (alive.at(-1)?.revision ?? revision) < revision);
    recorder.stop();
    assert.equal(recorder.alive[0]?.revision, revision);
    assert.equal(recorder.alive.at(-1)?.revision, 1);
    assert.deepEqual(recorder.values, []);
  });
});

describe("an etcd whose disk quota is used up", () => {
  it("takes no puts and no leases, but still answers", async () => {
    const engine = await Engine.start({ quotaBytes: 1_000_000 });
    const etcd = engine.open();
    const lease = succeeded(await etcd.grantLease(60));
    const value = "x".repeat(100_000);
    let result;
    do {
      result = await etcd.txn([], [{ put: { key: "fc/a", value } }]);
    } while (result.ok);
    assert.deepEqual([result.error.code, result.error.inDoubt], ["no-space", false]);
    assert.equal(failed(await etcd.grantLease(60)).code, "no-space");
    assert.ok(succeeded(await etcd.keepAlive(lease)) > 0);
    assert.equal(succeeded(await etcd.range({ key: "fc/a" })).items.length, 1);
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ values }) => values.length > 5);
    const deleted = succeeded(await etcd.txn([], [{ delete: { key: "fc/a" } }])).revision;
    await recorder.until(({ revisions }) => revisions.at(-1)?.revision === deleted);
    recorder.stop();
    await engine.stop();
  });
});
