// People who want to be taken for others: by letters that look like theirs, also with the number that the server gives.
import assert from "node:assert/strict";
import { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

describe("people who want to be taken for others", () => {
  let server: ServerProcess;
  let pair: HonestPair;
  before(async () => {
    server = await ServerProcess.start();
    pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
  });
  afterEach(() => pair.talk());
  after(async () => {
    await pair.leave();
    await server.stop("SIGKILL");
  });

  /** The name that is given, or why none is. */
  async function answerTo(name: string): Promise<string> {
    const client = new TestClient(server.url);
    await client.next("challenge");
    client.sendJoin(name);
    const answer = await client.oneOf("joined", "refused");
    return answer.type === "joined" ? answer.name : answer.code;
  }

  for (const [name, lookalike] of [
    ["josé", "јоѕе́"],
    ["ó", "ό"],
    ["а́", "á"],
    ["Modern", "rnodern"],
    ["MIlo", "rnllo"],
    ["רון_2", "2_רון"],
    ["رون.2", "2.رون"],
    // Signs that a reader does not count.
    ["ops_b", "ops__b"],
    ["ops", "ops."],
    // Strokes and apostrophes that are hardly seen.
    ["محمد", "محـمد"],
    ["kalaʻi", "kalai"],
    // Small capitals, and letters of other scripts that are drawn as such.
    ["ᴏʀɪᴀɴ", "orian"],
    ["том", "tom"],
    ["ᏞᎬᎬ", "lee"],
    ["нота", "hota"],
    // Letters that are one stroke apart.
    ["Αηη", "Ann"],
    ["аппе", "anne"],
    ["vvolf", "wolf"],
    ["ӏео", "leo"],
    ["はっか", "はつか"],
    ["未来", "末来"],
  ] as const) {
    it(`are refused as ${lookalike} beside ${name}, whichever was first`, async () => {
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

  it("are refused while the other one is away", async () => {
    const { client } = await joinFrom(server.url, "hook", "127.0.0.3");
    await client.close(3000);
    assert.equal(await answerTo("ноок"), "name-lookalike");
  });

  for (const name of [
    "Iobby",
    "aIl",
    "al1",
    "a11_",
    "ѕегѵег",
    "ӏоЬЬу",
    "ꓡꓳꓐꓐꓬ",
    "ʟobby",
    "ѕуѕтем",
    "n0body",
    "rne",
  ]) {
    it(`are refused as ${name}, which reads as no person at all`, async () => {
      assert.equal(await answerTo(name), "name-reserved");
    });
  }

  it("get no number that makes them look like someone else, or that is taken", async () => {
    const given = [];
    for (const name of ["орѕ_2", "ops", "ops", "орѕ_2", "орѕ", "орѕ_3"]) given.push(await answerTo(name));
    assert.deepEqual(given, ["орѕ_2", "ops", "ops_3", "орѕ_2_2", "name-lookalike", "name-lookalike"]);
  });
});
