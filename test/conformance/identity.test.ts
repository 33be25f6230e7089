// A user's identity: the key that signs a join, and the name that belongs to it.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { limits } from "../../protocol/limits.ts";
import { ServerMessage } from "../../protocol/rendezvous.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { TestClient } from "./testClient.ts";

describe("a join's signature", () => {
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

  it("is invalid with another nonce, host, name or key; the right one is accepted on the same connection", async () => {
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

  it("that does not verify is answered with the Host that the server saw, and logged with it", async () => {
    const client = new TestClient(server.url, { headers: { Host: `LOCALHOST:${server.port}` } });
    await client.next("challenge");
    client.sendJoin("anna");
    const refused = await client.next("refused");
    assert.deepEqual([refused.code, refused.host], ["signature", `localhost:${server.port}`]);
    const logged = new RegExp(`"event":"join-refused".*"code":"signature","host":"localhost:${server.port}"`);
    await server.logged(logged);
    // Nothing to compare where the host is not what was wrong.
    client.sendJoin("");
    assert.equal((await client.next("refused")).host, undefined);
  });

  it("may be for the default ports of a Host without one, because proxies drop them", async () => {
    const proxied = await ServerProcess.start("--allow-host", "chat.example.org");
    for (const [port, code] of [
      [443, "joined"],
      [80, "joined"],
      [8080, "refused"],
    ] as const) {
      const client = new TestClient(proxied.url, { headers: { Host: "chat.example.org" } });
      const { nonce } = await client.next("challenge");
      client.sendJoin("anna", client.key.proof(`chat.example.org:${port}`, nonce, "anna"));
      await client.until(code);
    }
    await proxied.stop();
  });

  it("may be for the public URL, whatever Host the proxy sends; and for no other", async () => {
    const behind = await ServerProcess.start("--public-url", "wss://chat.example.org/team");
    for (const [host, code] of [
      ["chat.example.org:443", "joined"],
      ["chat.example.org", "joined"],
      ["chat.example.org:8443", "refused"],
      ["chat.example.com:443", "refused"],
    ] as const) {
      const client = new TestClient(behind.url);
      const { nonce } = await client.next("challenge");
      client.sendJoin("anna", client.key.proof(host, nonce, "anna"));
      await client.until(code);
    }
    await behind.stop();
  });

  it("and its key have one encoding each: spare bits are not ignored", async () => {
    const { client, nonce, host } = await greeted();
    const proof = client.key.proof(host, nonce, "anna");
    const spki = otherForm(proof.spki);
    assert.deepEqual(Buffer.from(spki, "base64url"), Buffer.from(proof.spki, "base64url"));
    const signsOtherForm = client.key.proof(host, nonce, "anna", spki);
    for (const wrong of [{ ...proof, sig: otherForm(proof.sig) }, { ...proof, spki }, signsOtherForm]) {
      client.sendJoin("anna", wrong);
      assert.equal((await client.next("refused")).code, "signature");
    }
    client.sendJoin("anna", proof);
    await client.next("joined");
  });

  it("from one connection is invalid on any other", async () => {
    const anna = await greeted();
    const overheard = anna.client.joinFor("anna");
    anna.client.send(overheard);
    await anna.client.next("joined");
    const thief = await greeted();
    thief.client.send(overheard);
    assert.equal((await thief.client.next("refused")).code, "signature");
  });

  it("comes from a P-256 key in its only encoding", async () => {
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

/** The same bytes in base64url, with the last of the bits set that stand for nothing. */
function otherForm(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
}

describe("a name", () => {
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

  it("is kept for its absent owner's key, and returns to it without a token", async () => {
    const key = await loseAnna();
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("Anna", key), "Anna");
  });

  it("is released when its owner quits", async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const anna = await TestClient.join(server.url, "anna");
    await anna.close(1000);
    await watcher.until("left");
    assert.equal(await join_("anna"), "anna");
  });

  it("is kept across a server restart", async () => {
    const anna = await TestClient.join(server.url, "anna");
    await server.stop();
    server = await ServerProcess.start("--data", folder);
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("anna", anna.key), "anna");
  });

  it("is kept when the server is killed after its owner was away for a moment", async () => {
    const key = await loseAnna();
    const kept = async (): Promise<string> => {
      const files = ["names.json", "names.log"].map((name) => readFile(join(folder, name), "utf8"));
      return (await Promise.all(files.map((file) => file.catch(() => "")))).join("");
    };
    for (let n = 0; !(await kept()).includes(key.pin); n++) {
      assert.ok(n < 200, "it is written soon");
      await TestClient.join(server.url, `visitor${n}`).then((client) => client.close());
    }
    await server.stop("SIGKILL");
    server = await ServerProcess.start("--data", folder);
    assert.equal(await join_("anna"), "anna_2");
    assert.equal(await join_("anna", key), "anna");
  });

  describe("a name in a damaged file", () => {
    type Name = "anna" | "bobby" | "carmen";
    let keys: Readonly<Record<"anna" | "bobby" | "carmen", TestKey>>;
    let path: string;
    let whole: string;
    beforeEach(async () => {
      path = join(folder, "names.json");
      keys = { anna: new TestKey(), bobby: new TestKey(), carmen: new TestKey() };
      for (const [name, key] of Object.entries(keys)) await TestClient.join(server.url, name, {}, key);
      await server.stop();
      whole = await readFile(path, "utf8");
    });

    /** Damages the file and restarts the server. */
    async function restartWith(damaged: string): Promise<void> {
      await writeFile(path, damaged);
      server = await ServerProcess.start("--data", folder);
    }

    async function assertKept(...names: (keyof typeof keys)[]): Promise<void> {
      for (const name of names) {
        assert.equal(await join_(name), `${name}_2`, "another key does not get it");
        assert.equal(await join_(name, keys[name]), name);
      }
    }

    /** The names as they are in the file: in the order in which their owners left. */
    function inOrder(text: string): [Name, Name, Name] {
      const names: [Name, Name, Name] = ["anna", "bobby", "carmen"];
      return names.sort((a, b) => text.indexOf(a) - text.indexOf(b));
    }

    for (const [what, damage, kept] of [
      ["one bad entry", (text: string) => text.replace('"bobby"', '"bob by"'), ["anna", "carmen"]],
      ["no end", (text: string) => text.slice(0, text.indexOf(inOrder(text)[2])), "the first two"],
      ["a bad byte", (text: string) => text.replace('"bobby"', '\u0000bobby"'), ["anna", "carmen"]],
      ["a newer version", (text: string) => text.replace('"version":1', '"version":2'), ["anna", "bobby"]],
    ] as const) {
      it(`with ${what} stays with its owner if its entry is intact; the file is set aside and logged`, async () => {
        const damaged = damage(whole);
        assert.notEqual(damaged, whole);
        await restartWith(damaged);
        await assertKept(...(kept === "the first two" ? inOrder(whole).slice(0, 2) : kept));
        await server.logged(/"level":"error","event":"names-damaged"/);
        const aside = (await readdir(folder)).filter((name) => name.startsWith("names.json.damaged-"));
        const texts = await Promise.all(aside.map((name) => readFile(join(folder, name), "utf8")));
        assert.deepEqual(texts, [damaged]);
      });
    }

    it("with only a byte order mark and CRLF stays as it is", async () => {
      await restartWith(`\uFEFF${whole.replaceAll("\n", "\r\n")}`);
      await assertKept("anna", "bobby", "carmen");
      assert.doesNotMatch(server.stderr, /names-/);
    });
  });

  it("that looks like another one in use or reserved is refused", async () => {
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

  it("cannot be taken by joining over and over with one key", async () => {
    const key = new TestKey();
    const clients = Array.from({ length: 2 * limits.joinBurst }, () => new TestClient(server.url, {}, key));
    for (const client of clients) await client.next("challenge");
    const answers = clients.map(
      (client) =>
        new Promise<ServerMessage>((resolve) => {
          client.ws.on("message", (data: Buffer) => {
            const message = v.parse(ServerMessage, JSON.parse(data.toString("utf8")));
            if (message.type === "joined" || message.type === "refused") resolve(message);
          });
        }),
    );
    // At once, so that none is forgiven meanwhile however slow the machine is.
    for (const client of clients) client.sendJoin("anna");
    const refused = (await Promise.all(answers)).filter((answer) => answer.type === "refused");
    assert.ok(refused.length > 0);
    for (const { code, retryMs = 0 } of refused) {
      assert.equal(code, "rate-limited");
      assert.ok(retryMs > 0);
    }
    await Promise.all(clients.map((client) => client.close()));
  });
});
