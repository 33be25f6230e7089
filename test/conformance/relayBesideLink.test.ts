// The relay for a connection beside a session's link: who gets a ticket, and what it counts as.
import assert from "node:assert/strict";
import { once } from "node:events";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";
import { card, errorOf, RelayedPair } from "./relayedPair.ts";

describe("the relay", () => {
  let relay: RelayedPair;
  beforeEach(async () => {
    relay = await RelayedPair.start();
  });
  afterEach(() => relay.server.stop("SIGKILL"));

  describe("for a connection beside a session's link", () => {
    const ask = (id: string, to = "bobby", pin = relay.bobby.key.pin): void =>
      relay.anna.send({ type: "tunnel", id, sid: "session-1", to, pin });

    it("is offered by a server that has it", async () => {
      assert.deepEqual((await new TestClient(relay.server.url).next("challenge")).can, ["tunnel"]);
    });

    it("gives both a ticket, and leaves tunnels as they are", async () => {
      const [a, b] = await relay.tunnel();
      ask("t-1");
      const [mine, theirs] = [await relay.anna.next("tunneling"), await relay.bobby.next("tunnel")];
      assert.deepEqual(
        { ...mine, ticket: "" },
        { type: "tunneling", id: "t-1", sid: "session-1", ticket: "" },
      );
      assert.deepEqual(
        { ...theirs, ticket: "" },
        { type: "tunnel", sid: "session-1", from: "anna", pin: relay.anna.key.pin, ticket: "" },
      );
      const [c, d] = [relay.dial(mine.ticket), relay.dial(theirs.ticket)];
      await Promise.all([once(c, "open"), once(d, "open")]);
      for (const [from, to, text] of [
        [a, b, "of the session"],
        [c, d, "beside it"],
      ] as const) {
        from.send(Buffer.from(text));
        const [heard] = (await once(to, "message")) as [Buffer];
        assert.equal(heard.toString(), text);
      }
      const ended = once(d, "close");
      c.terminate();
      await ended;
      a.send(Buffer.from("still there"));
      assert.equal(((await once(b, "message")) as [Buffer])[0].toString(), "still there");
      b.terminate();
    });

    it("tells of it only the key that is named", async () => {
      ask("t-2", "nobody.here");
      assert.deepEqual(errorOf(await relay.anna.next("error")), { code: "unknown-user", id: "t-2" });
      ask("t-3", "bobby", relay.anna.key.pin);
      assert.deepEqual(errorOf(await relay.anna.next("error")), { code: "unknown-user", id: "t-3" });
      ask("t-4", "anna", relay.anna.key.pin);
      assert.deepEqual(errorOf(await relay.anna.next("error")), { code: "self-fork", id: "t-4" });
      assert.deepEqual(await relay.bobby.settled(), []);
    });

    it("is not known to a server without a relay", async () => {
      const without = await ServerProcess.start("--no-relay");
      assert.equal((await new TestClient(without.url).next("challenge")).can, undefined);
      const carmen = await TestClient.join(without.url, "carmen");
      const dora = await TestClient.join(without.url, "dora");
      carmen.send({ type: "tunnel", id: "t-5", sid: "session-1", to: "dora", pin: dora.key.pin });
      assert.deepEqual(errorOf(await carmen.until("error")), { code: "unknown-type", id: "t-5" });
      await without.stop();
    });

    it("counts as a request to meet again", async () => {
      const keen = await TestClient.join(relay.server.url, "keen");
      for (let n = 0; n <= limits.reachBurst; n++) {
        const request = {
          type: n % 2 === 0 ? "tunnel" : "reach",
          id: `t-${n}`,
          sid: "session-1",
          card,
        } as const;
        keen.send({ ...request, to: "bobby", pin: relay.bobby.key.pin });
      }
      assert.equal((await keen.until("error")).code, "rate-limited");
    });
  });
});
