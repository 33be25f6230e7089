// People who want to be taken for others: by letters that look like theirs, also with the number that the server gives.
import assert from "node:assert/strict";
import { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

describe("people who want to be mistaken for others", () => {
  let server: ServerProcess;
  let pair: HonestPair;
  beforeEach(async () => {
    server = await ServerProcess.start();
    pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
  });
  afterEach(async () => {
    await pair.talk();
    await pair.leave();
    await server.stop("SIGKILL");
  });

  for (const [name, lookalike] of [
    ["josé", "јоѕе́"],
    ["ó", "ό"],
    ["а́", "á"],
    ["Modern", "rnodern"],
    ["MIlo", "rnllo"],
    ["רון_2", "2_רון"],
    ["رون.2", "2.رون"],
  ] as const) {
    it(`are refused as ${lookalike} beside ${name}, whichever came first`, async () => {
      for (const [first, second] of [
        [name, lookalike],
        [lookalike, name],
      ] as const) {
        const { client } = await joinFrom(server.url, first, "127.0.0.3");
        const other = new TestClient(server.url);
        await other.next("challenge");
        other.sendJoin(second);
        assert.equal((await other.oneOf("joined", "refused")).type, "refused");
        await Promise.all([client.close(), other.close()]);
      }
    });
  }

  it("get no numbered name that looks like someone else's, and take none from its owner", async () => {
    const given = [];
    for (const name of ["орѕ_2", "ops", "ops", "орѕ_2", "орѕ", "орѕ_3"]) {
      const client = new TestClient(server.url);
      await client.next("challenge");
      client.sendJoin(name);
      const answer = await client.oneOf("joined", "refused");
      given.push(answer.type === "joined" ? answer.name : answer.code);
    }
    assert.deepEqual(given, ["орѕ_2", "ops", "ops_3", "орѕ_2_2", "name-lookalike", "name-lookalike"]);
  });
});
