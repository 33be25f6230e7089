import assert from "node:assert/strict";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("names", () => {
  let server: ServerProcess;
  beforeEach(async () => {
    server = await ServerProcess.start();
  });
  afterEach(() => server.stop());

  it("become anna_2, anna_3 when taken, with the lowest free number", async () => {
    const given: string[] = [];
    const clients = [];
    for (const name of ["anna", "anna", "ANNA", "\uff41nna"]) {
      const client = await TestClient.join(server.url, name);
      clients.push(client);
      given.push(client.joined.name);
    }
    assert.deepEqual(given, ["anna", "anna_2", "ANNA_3", "anna_4"]);
    await clients[1]?.close();
    await clients[0]?.until("left");
    assert.equal((await TestClient.join(server.url, "anna")).joined.name, "anna_2");
  });

  it("are announced as the server normalized them", async () => {
    const client = await TestClient.join(server.url, "  \uff22obby ");
    assert.equal(client.joined.name, "Bobby");
  });

  it("may mix the scripts that UTS #39 calls highly restrictive", async () => {
    for (const name of ["田中Taro", "Taroさくらエミ", "Kim김金", "Liㄌㄧ李"]) {
      assert.equal((await TestClient.join(server.url, name)).joined.name, name);
    }
  });

  it("stay within 32 characters when numbered", async () => {
    const name = "n".repeat(32);
    await TestClient.join(server.url, name);
    assert.equal((await TestClient.join(server.url, name)).joined.name, `${"n".repeat(30)}_2`);
  });

  it("that break a rule are refused with its code, and can be retried on the connection", async () => {
    const client = new TestClient(server.url);
    await client.next("challenge");
    for (const [name, code] of [
      ["", "name-empty"],
      ["   ", "name-empty"],
      ["n".repeat(33), "name-too-long"],
      ["a b", "name-characters"],
      ["a\u202eb", "name-characters"],
      ["a\u0000b", "name-characters"],
      ["<b>", "name-characters"],
      ["\u0430nna", "name-scripts"],
      ["田中\u0430", "name-scripts"],
      ["ann\u03b1", "name-scripts"],
      ["Lobby", "name-reserved"],
    ] as const) {
      client.sendJoin(name);
      const refused = await client.next("refused");
      assert.equal(refused.code, code);
      assert.notEqual(refused.text, "");
    }
    client.sendJoin("anna");
    assert.equal((await client.next("joined")).name, "anna");
  });

  it("such as __proto__ and constructor are ordinary names", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      assert.equal((await TestClient.join(server.url, name)).joined.name, name);
    }
    assert.equal((await TestClient.join(server.url, "__proto__")).joined.name, "__proto___2");
  });

  it("are not checked when the version is wrong", async () => {
    const client = new TestClient(server.url);
    await client.next("challenge");
    for (const version of [1, 3, 2.5, undefined, null, "2", [2], {}, true]) {
      client.send({ type: "join", v: version, name: "anna" });
      assert.equal((await client.next("refused")).code, "version", JSON.stringify(version));
    }
    client.send({ type: "join", v: 2, name: "anna" });
    assert.equal((await client.next("error")).code, "bad-message");
    client.sendJoin("anna");
    await client.next("joined");
  });
});
