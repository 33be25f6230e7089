// Answers that no etcd gives, or that do not come: none is believed, and what may have happened is said.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Etcd, EtcdError } from "../../server/cluster/etcd.ts";
import { openEtcd, type EtcdOptions } from "../../server/cluster/etcdClient.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { failed, succeeded } from "../support/succeeded.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const put = { put: { key: "secret key", value: "secret value" } };
const header = { cluster_id: "1", member_id: "2", revision: "3", raft_term: "4" };
const created = `${JSON.stringify({ result: { header, created: true } })}\n`;

const text =
  (body: string, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status).end(body);
const json = (body: unknown, status = 200): Answer => text(JSON.stringify(body), status);
const etcdError = (code: number, status: number): Answer =>
  json({ error: "why", message: "why", code }, status);
const none: Answer = () => undefined;
const cut: Answer = (_, response) => response.destroy();
const cutInAnswer: Answer = (_, response) => {
  response.writeHead(200, { "Content-Length": 100 });
  response.write('{"header":', () => response.destroy());
};
/** Writes until the connection is closed. */
const endless =
  (part: string): Answer =>
  (_, response) => {
    const write = (): void => {
      while (response.write(part));
    };
    response.on("drain", write);
    write();
  };

describe("an answer to a client of etcd", () => {
  const closers: (() => unknown)[] = [];
  const asked: string[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    asked.splice(0);
  });

  /** A server that answers all requests so, and its endpoint. */
  async function fake(answer: Answer, name = "first"): Promise<string> {
    const server = createServer((request, response) => {
      asked.push(name);
      request.resume();
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    return `http://127.0.0.1:${address.port}`;
  }

  function open(endpoints: EtcdOptions["endpoints"], options: Partial<EtcdOptions> = {}): Etcd {
    const etcd = openEtcd({ endpoints, tls: () => undefined, log: () => undefined, ...options });
    closers.unshift(() => etcd.close());
    return etcd;
  }

  const write = async (etcd: Etcd): Promise<EtcdError> => failed(await etcd.txn([], [put]));
  const read = async (etcd: Etcd): Promise<EtcdError> => failed(await etcd.range({ key: "a" }));

  const bad: readonly (readonly [string, EtcdError["code"], Answer])[] = [
    ["is not JSON", "invalid", text("<html>")],
    ["is empty", "invalid", text("")],
    ["is not an answer of etcd", "invalid", json({ secret: "value" })],
    ["has the status of an error", "invalid", json({ header }, 503)],
    ["is cut off", "unreachable", cutInAnswer],
    ["is not there before the connection breaks", "unreachable", cut],
    ["comes from a proxy", "invalid", text("<html>Bad gateway</html>", 502)],
    ["leads elsewhere", "invalid", (_, response) => response.writeHead(302, { Location: "/" }).end("{}")],
    [
      "has a revision that is no safe number",
      "invalid",
      json({ header: { ...header, revision: String(2 ** 53) } }),
    ],
    ["has a negative revision", "invalid", json({ header: { ...header, revision: "-1" } })],
    ["never ends", "invalid", endless(" ".repeat(65_536))],
    ["is an error within etcd", "refused", etcdError(14, 503)],
    ["is an unknown error", "refused", etcdError(2, 500)],
  ];
  for (const [what, code, answer] of bad) {
    it(`that ${what} leaves a change in doubt, not a read: ${code}`, () =>
      FakeTimers.during(async () => {
        const etcd = open([await fake(answer)]);
        const [written, found] = [await write(etcd), await read(etcd)];
        assert.deepEqual([written.code, written.inDoubt], [code, true]);
        assert.deepEqual([found.code, found.inDoubt], [code, false]);
        assert.ok(!`${written.message}${found.message}`.includes("secret"), written.message);
      }));
  }

  it("that refuses a change leaves nothing in doubt", async () => {
    for (const [code, status] of [
      [3, 400],
      [9, 412],
      [11, 400],
    ] as const) {
      const error = await write(open([await fake(etcdError(code, status))]));
      assert.deepEqual(error, { code: "refused", message: `why (${code})`, inDoubt: false });
    }
  });

  it("with an invalid base64 or number is not believed", async () => {
    const kv = { key: "YQ==", value: "YQ==", create_revision: "1", mod_revision: "1" };
    const base = { header, count: "1" };
    const etcd = open([await fake(json({ ...base, kvs: [kv] }))]);
    assert.equal(succeeded(await etcd.range({ key: "a" })).items[0]?.value, "a");
    for (const wrong of [
      { ...kv, value: "YQ=" },
      { ...kv, value: "Y Q=" },
      { ...kv, key: 1 },
      { ...kv, mod_revision: 1 },
      { ...kv, create_revision: "1e3" },
      { ...kv, lease: "0x1" },
    ]) {
      const error = await read(open([await fake(json({ ...base, kvs: [wrong] }))]));
      assert.equal(error.code, "invalid", JSON.stringify(wrong));
    }
  });

  it("that does not come ends the call and its connection", async () => {
    const closed: Promise<unknown>[] = [];
    const etcd = open([await fake((request) => closed.push(once(request.socket, "close")))]);
    const [written, found] = await Promise.all([write(etcd), read(etcd)]);
    assert.deepEqual([written.code, written.inDoubt], ["timeout", true]);
    assert.deepEqual([found.code, found.inDoubt], ["timeout", false]);
    assert.equal(closed.length, 2);
    await Promise.all(closed);
  });

  it("is asked for at the next member, unless a change is in doubt", async () => {
    const good = json({ header });
    const etcd = open([await fake(cut, "bad"), await fake(good, "good")]);
    succeeded(await etcd.range({ key: "a" }));
    succeeded(await etcd.txn([], [put]));
    assert.deepEqual(asked.splice(0), ["bad", "good", "good"]);
    const other = open([await fake(cut, "bad"), await fake(good, "good")]);
    assert.equal((await write(other)).inDoubt, true);
    assert.deepEqual(asked.splice(0), ["bad"]);
    succeeded(await other.txn([], [put]));
    assert.deepEqual(asked, ["good"]);
  });

  it("about a new lease is in doubt, too", async () => {
    const etcd = open([await fake(cut, "bad"), await fake(json({ header, ID: "1" }), "good")]);
    assert.equal(failed(await etcd.grantLease(5)).inDoubt, true);
    assert.deepEqual(asked, ["bad"]);
    assert.equal(succeeded(await etcd.grantLease(5)), "1");
  });

  it("is asked for once at each member", async () => {
    const etcd = open([await fake(cut, "1"), await fake(cut, "2"), await fake(cut, "3")]);
    assert.equal((await read(etcd)).code, "unreachable");
    assert.deepEqual(asked, ["1", "2", "3"]);
  });

  it("with a token that would break a header is not believed", async () => {
    for (const token of ["a\nb: c", "a b", "", "ä", "x".repeat(10_000)]) {
      const etcd = open([await fake(json({ token }))], { user: { name: "a", password: "b" } });
      const { code, inDoubt } = await write(etcd);
      assert.deepEqual([code, inDoubt], ["invalid", false], token.slice(0, 10));
    }
  });

  it("that refuses each new token is final", async () => {
    const etcd = open(
      [
        await fake((request, response) => {
          if (request.url === "/v3/auth/authenticate") json({ token: "t" })(request, response);
          else json({ message: "etcdserver: invalid auth token", code: 16 }, 401)(request, response);
        }),
      ],
      { user: { name: "a", password: "b" } },
    );
    const { code, inDoubt } = await write(etcd);
    assert.deepEqual([code, inDoubt], ["unauthenticated", false]);
    assert.equal(asked.length, 4);
  });

  it("is not awaited once the client is closed", async () => {
    const arrivals = new EventEmitter();
    const arrival = once(arrivals, "arrival");
    const etcd = open([await fake((request) => arrivals.emit("arrival", request))]);
    const waiting = write(etcd);
    const [{ socket }] = (await arrival) as [IncomingMessage];
    const closed = once(socket, "close");
    etcd.close();
    const { code, inDoubt } = await waiting;
    assert.deepEqual([code, inDoubt], ["unreachable", true]);
    await closed;
    const later = await write(etcd);
    assert.deepEqual([later.code, later.inDoubt], ["unreachable", false]);
    assert.deepEqual(asked, ["first"]);
  });

  describe("to a watch", () => {
    const lines =
      (...parts: readonly string[]): Answer =>
      (_, response) => {
        response.writeHead(200);
        for (const part of parts) response.write(part);
      };
    const error = { error: { grpc_code: 14, http_code: 503, message: "etcdserver: no leader" } };
    const cases: readonly (readonly [string, EtcdError["code"], Answer])[] = [
      ["has a line that never ends", "invalid", endless("x".repeat(65_536))],
      ["has a line that is not JSON", "invalid", lines(created, "x\n")],
      ["has a line of another shape", "invalid", lines(created, '{"result":{"events":1}}\n')],
      ["ends", "unreachable", (_, response) => response.end(created)],
      ["breaks", "unreachable", (_, response) => response.write(created, () => response.destroy())],
      ["does not begin", "timeout", none],
      ["has an error", "refused", lines(created, `${JSON.stringify(error)}\n`)],
      ["is an error", "refused", json(error, 503)],
      ["is not found", "invalid", text("Not Found", 404)],
    ];
    for (const [what, code, answer] of cases) {
      const isLost = async (): Promise<void> => {
        const etcd = open([await fake(answer)]);
        const recorder = WatchRecorder.of(etcd, { prefix: "a" }, 1);
        await recorder.until(({ ends }) => ends.length > 0);
        const [end] = recorder.ends;
        assert.ok(end?.reason === "lost", JSON.stringify(end));
        assert.deepEqual([end.error.code, end.error.inDoubt], [code, false]);
        assert.deepEqual([recorder.ends.length, recorder.revisions], [1, []]);
      };
      it(`that ${what} loses it: ${code}`, () => (code === "timeout" ? isLost() : FakeTimers.during(isLost)));
    }

    it("is read wherever its bytes are split", async () => {
      const key = Buffer.from("a").toString("base64");
      const event = (n: number): string =>
        JSON.stringify({
          result: {
            header,
            events: [{ kv: { key, value: key, create_revision: "1", mod_revision: String(n) } }],
          },
        });
      const whole = Buffer.from(`${created}${event(5)}\n${event(6)}\n`);
      const etcd = open([
        await fake((_, response) => {
          for (const byte of whole) response.write(Buffer.from([byte]));
        }),
      ]);
      const recorder = WatchRecorder.of(etcd, { key: "a" }, 5);
      await recorder.until(({ values }) => values.length === 2);
      recorder.stop();
      assert.deepEqual(recorder.ends, []);
    });

    it("is not awaited once the client is closed", async () => {
      const etcd = open([await fake(lines(created))]);
      const recorder = WatchRecorder.of(etcd, { prefix: "a" }, 1);
      await recorder.until(({ alive }) => alive.length === 1);
      etcd.close();
      const other = open([await fake(lines(created))]);
      const later = WatchRecorder.of(other, { prefix: "a" }, 1);
      await later.until(({ alive }) => alive.length === 2);
      assert.deepEqual([recorder.alive.length, recorder.ends], [1, []]);
    });
  });
});
