// Who may use an etcd: TLS in both directions, and name and password.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { generate } from "selfsigned";
import type { Etcd } from "../../server/cluster/etcd.ts";
import { openEtcd } from "../../server/cluster/etcdClient.ts";
import type { EtcdTls } from "../../server/cluster/etcdHttp.ts";
import { Engine } from "../support/etcd.ts";
import { failed, succeeded } from "../support/succeeded.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

const put = { put: { key: "fc/a", value: "x" } };

describe("an etcd with TLS and client certificates", () => {
  let engine: Engine;
  let tls: EtcdTls;
  before(async () => {
    engine = await Engine.start({ tls: true });
    const { certificates } = engine;
    assert.ok(certificates !== undefined);
    tls = certificates.client;
  });
  after(() => engine.stop());

  const foreign = async (): Promise<EtcdTls> => {
    const made = await generate([{ name: "commonName", value: "foreign" }], { keyType: "ec" });
    return { ca: made.cert, cert: made.cert, key: made.private };
  };

  it("is used with its authority and a certificate from it", async () => {
    const etcd = engine.open();
    const { revision } = succeeded(await etcd.txn([], [put]));
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, revision);
    await recorder.until(({ values }) => values.length === 1);
    recorder.stop();
  });

  it("is not used when another authority is expected: nothing is sent", async () => {
    const untrusted = { ...tls, ca: (await foreign()).ca };
    const etcd = engine.open({ tls: () => untrusted });
    const { code, inDoubt, message } = failed(await etcd.txn([], [put]));
    assert.deepEqual([code, inDoubt], ["unreachable", false]);
    assert.match(message, /certificate/);
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ ends }) => ends.length > 0);
    assert.equal(recorder.ends[0]?.reason, "lost");
  });

  it("is not used at a name that its certificate does not have", async () => {
    const [endpoint] = engine.access.endpoints;
    const etcd = engine.open({ endpoints: [endpoint.replace("127.0.0.1", "localhost")] });
    const { code, inDoubt, message } = failed(await etcd.txn([], [put]));
    assert.deepEqual([code, inDoubt], ["unreachable", false]);
    assert.match(message, /does not match certificate's altnames/);
  });

  it("lets in no client without a certificate of its authority", async () => {
    const { cert, key } = await foreign();
    for (const wrong of [{ ca: tls.ca }, { ca: tls.ca, cert: cert ?? "", key: key ?? "" }]) {
      const etcd = engine.open({ tls: () => wrong });
      for (const _ of [1, 2]) {
        const { code, inDoubt } = failed(await etcd.txn([], [put]));
        assert.deepEqual([code, inDoubt], ["unauthenticated", false]);
      }
      const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
      await recorder.until(({ ends }) => ends.length > 0);
      const [end] = recorder.ends;
      assert.ok(end?.reason === "lost" && end.error.code === "unauthenticated", JSON.stringify(end));
    }
  });

  it("is used with renewed certificates on new connections, and the former ones are closed", async () => {
    const [endpoint] = engine.access.endpoints;
    const port = Number(new URL(endpoint).port);
    const ends: Promise<unknown>[] = [];
    const proxy = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      ends.push(once(near, "close"));
      for (const socket of [near, far]) socket.on("error", () => undefined);
      near.pipe(far).pipe(near);
    });
    proxy.unref().listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const place = proxy.address();
    assert.ok(typeof place === "object" && place !== null);
    let current: EtcdTls = tls;
    const etcd = engine.open({ endpoints: [`https://127.0.0.1:${String(place.port)}`], tls: () => current });
    const calls = (count: number) =>
      Promise.all(Array.from({ length: count }, async () => succeeded(await etcd.range({ key: "fc/a" }))));
    await calls(3);
    await calls(1);
    assert.equal(ends.length, 3, "connections are kept");
    const [member] = engine.members;
    await member?.pause();
    const onTheirWay = calls(2);
    await setImmediate();
    current = { ...tls };
    const others = calls(1);
    await setImmediate();
    member?.resume();
    await Promise.all([onTheirWay, others, ...ends.slice(0, 3)]);
    assert.equal(ends.length, 4);
    current = { ...tls, ca: (await foreign()).ca };
    assert.match(failed(await etcd.range({ key: "fc/a" })).message, /certificate/);
  });

  it("is not used without TLS", async () => {
    const [endpoint] = engine.access.endpoints;
    const etcd = engine.open({ endpoints: [endpoint.replace("https:", "http:")] });
    const { code } = failed(await etcd.txn([], [put]));
    assert.ok(code === "unreachable" || code === "invalid", code);
  });
});

describe("an etcd with users", () => {
  const user = { name: "chat", password: "päss wörd" };
  let engine: Engine;
  before(async () => {
    engine = await Engine.start({ user });
  });
  after(() => engine.stop());

  async function ended(etcd: Etcd, prefix: string): Promise<WatchRecorder> {
    const recorder = WatchRecorder.of(etcd, { prefix }, 1);
    await recorder.until(({ ends }) => ends.length > 0);
    return recorder;
  }

  it("is used with a name and a password", async () => {
    const etcd = engine.open();
    const all = await Promise.all([etcd.txn([], [put]), etcd.range({ key: "fc/a" }), etcd.grantLease(60)]);
    assert.deepEqual(
      all.map(({ ok }) => ok),
      [true, true, true],
    );
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, 1);
    await recorder.until(({ values }) => values.length > 0);
    recorder.stop();
  });

  it("refuses a wrong password, and no name", async () => {
    const { user: _, ...access } = engine.access;
    const log = (): undefined => undefined;
    for (const wrong of [
      { ...user, password: "wrong" },
      { ...user, name: "unknown" },
    ]) {
      const etcd = engine.open({ user: wrong });
      for (const result of [await etcd.txn([], [put]), await etcd.range({ key: "fc/a" })]) {
        const { code, inDoubt, message } = failed(result);
        assert.deepEqual([code, inDoubt], ["unauthenticated", false]);
        assert.ok(!message.includes(wrong.password));
      }
      const [end] = (await ended(etcd, "fc/")).ends;
      assert.ok(end?.reason === "lost" && end.error.code === "unauthenticated", JSON.stringify(end));
    }
    const anonymous = openEtcd({ ...access, log });
    assert.equal(failed(await anonymous.range({ key: "fc/a" })).code, "unauthenticated");
    const [end] = (await ended(anonymous, "fc/")).ends;
    assert.ok(end?.reason === "lost" && end.error.code === "unauthenticated", JSON.stringify(end));
    anonymous.close();
  });

  it("keeps a user to its keys", async () => {
    const etcd = engine.open();
    const { code, inDoubt } = failed(await etcd.txn([], [{ put: { key: "other", value: "" } }]));
    assert.deepEqual([code, inDoubt], ["refused", false]);
    // This is how a server finds out before it writes.
    const never = [{ key: "fc/a", createRevision: 0 } as const, { key: "fc/a", modRevision: 1 } as const];
    assert.equal(failed(await etcd.txn(never, [{ put: { key: "other", value: "" } }])).code, "refused");
    assert.equal(succeeded(await etcd.txn(never, [put])).succeeded, false);
    const [end] = (await ended(etcd, "other")).ends;
    assert.ok(end?.reason === "canceled" && end.message.includes("permission denied"), JSON.stringify(end));
  });

  it("gives a new token when it has forgotten the old one", async () => {
    const etcd = engine.open();
    const watching = engine.open();
    succeeded(await etcd.range({ key: "fc/a" }));
    succeeded(await watching.range({ key: "fc/a" }));
    await engine.forgetTokens();
    const { revision } = succeeded(await etcd.txn([], [put]));
    const recorder = WatchRecorder.of(watching, { prefix: "fc/" }, revision);
    await recorder.until(({ values, ends }) => values.length + ends.length > 0);
    recorder.stop();
    assert.deepEqual([recorder.values, recorder.ends], [["x"], []]);
  });

  it("without users accepts no client that has one", async () => {
    const open = await Engine.start();
    const { code, inDoubt } = failed(await open.open({ user }).txn([], [put]));
    assert.deepEqual([code, inDoubt], ["unauthenticated", false]);
    await open.stop();
  });
});
