// Who somebody is: the key that signs a join, and the name that belongs to it.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { TestClient } from "./testClient.ts";

describe("a join's signature", function () {
  this.timeout(20_000);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  async function greeted(): Promise<{ client: TestClient; nonce: string; host: string }> {
    const client = new TestClient(server.url);
    const { nonce } = await client.next("challenge");
    return { client, nonce, host: new URL(server.url).host };
  }

  it("is worth nothing with another nonce, host, name or key; the right one is taken on the same connection", async () => {
    const { client, nonce, host } = await greeted();
    const other = await greeted();
    for (const proof of [
      client.key.proof(host, other.nonce, "anna"),
      client.key.proof("elsewhere.example:43210", nonce, "anna"),
      client.key.proof(host, nonce, "bobby"),
      { ...client.key.proof(host, nonce, "anna"), spki: new TestKey().spki },
      { ...client.key.proof(host, nonce, "anna"), sig: "A".repeat(86) },
    ]) {
      client.sendJoin("anna", proof);
      assert.equal((await client.next("refused")).code, "signature");
    }
    client.sendJoin("anna");
    await client.next("joined");
  });

  it("that was heard on one connection opens no other", async () => {
    const anna = await greeted();
    const overheard = anna.client.joinFor("anna");
    anna.client.send(overheard);
    await anna.client.next("joined");
    const thief = await greeted();
    thief.client.send(overheard);
    assert.equal((await thief.client.next("refused")).code, "signature");
  });

  it("is of a P-256 key in its one encoding, or of none", async () => {
    const { client } = await greeted();
    const point = Buffer.from(client.key.spki, "base64url");
    const elsewhere = Buffer.from(point);
    elsewhere[90] = (elsewhere[90] ?? 0) ^ 1;
    const otherCurve = Buffer.from(point);
    otherCurve[20] = (otherCurve[20] ?? 0) ^ 3;
    for (const spki of [elsewhere, otherCurve, Buffer.alloc(91)]) {
      client.sendJoin("anna", { spki: spki.toString("base64url") });
      assert.equal((await client.next("refused")).code, "signature");
    }
  });
});

describe("a name", function () {
  this.timeout(30_000);
  let folder: string;
  let server: ServerProcess;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-names-"));
    server = await ServerProcess.start("--data", folder);
  });
  afterEach(async () => {
    await server.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  const join_ = (name: string, key?: TestKey): Promise<string> =>
    TestClient.join(server.url, name, {}, key).then(({ joined }) => joined.name);

  async function loseAnna(): Promise<TestKey> {
    const watcher = await TestClient.join(server.url, "watcher");
    const anna = await TestClient.join(server.url, "anna");
    anna.ws.terminate();
    await watcher.until("left");
    return anna.key;
  }

  it("is kept for the key of who is away, and comes back to it without any token", async () => {
    const key = await loseAnna();
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("Anna", key), "Anna");
  });

  it("is given back by who quits", async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const anna = await TestClient.join(server.url, "anna");
    await anna.close(1000);
    await watcher.until("left");
    assert.equal(await join_("anna"), "anna");
  });

  it("is kept over a stop and a new start of the server", async () => {
    const anna = await TestClient.join(server.url, "anna");
    await server.stop();
    server = await ServerProcess.start("--data", folder);
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("anna", anna.key), "anna");
  });

  it("is kept when the server is killed after its owner was away for a moment", async () => {
    const key = await loseAnna();
    for (
      let n = 0;
      !(await readFile(join(folder, "names.json"), "utf8").catch(() => "")).includes(key.pin);
      n++
    ) {
      assert.ok(n < 200, "it is written soon");
      await TestClient.join(server.url, `visitor${n}`).then((client) => client.close());
    }
    await server.stop("SIGKILL");
    server = await ServerProcess.start("--data", folder);
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("anna", key), "anna");
  });

  it("is free where the file that kept it is damaged, and the server says so", async () => {
    await TestClient.join(server.url, "anna");
    await server.stop();
    await writeFile(join(folder, "names.json"), '{"names":[{"name":"anna"');
    server = await ServerProcess.start("--data", folder);
    assert.equal(await join_("anna"), "anna");
    assert.match(server.stderr, /"level":"(warn|error)"/);
  });

  it("that looks like another one in use or kept is refused", async () => {
    await join_("Ilona");
    await loseAnna();
    // A small l for the capital I; and all of Cyrillic for what looks Latin.
    for (const lookalike of ["llona", "\u0440\u0430\u0443"]) {
      if (lookalike !== "llona") await join_("pay");
      const client = new TestClient(server.url);
      await client.next("challenge");
      client.sendJoin(lookalike);
      assert.equal((await client.next("refused")).code, "name-lookalike");
    }
  });

  it("cannot be had by joining over and over with one key", async () => {
    const key = new TestKey();
    const codes: string[] = [];
    for (let n = 0; n <= limits.joinBurst; n++) {
      const client = new TestClient(server.url, {}, key);
      await client.next("challenge");
      client.sendJoin("anna");
      const answer = await client.until(n < limits.joinBurst ? "joined" : "refused").catch(() => undefined);
      if (answer?.type === "refused") {
        codes.push(answer.code);
        assert.ok((answer.retryMs ?? 0) > 0);
      }
      await client.close();
    }
    assert.deepEqual(codes, ["rate-limited"]);
  });
});
