import assert from "node:assert/strict";
import { ServerProcess } from "./serverProcess.ts";
import { TestClient } from "./testClient.ts";

const CROWD = 2_000;

describe("a crowd", function () {
  this.timeout(120_000);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it(`of ${String(CROWD)} clients joins at once, each learns of all, and a message reaches everyone`, async () => {
    const clients = await Promise.all(
      Array.from({ length: CROWD }, (_, n) =>
        TestClient.join(server.url, n % 2 === 0 ? `guest-${String(n)}` : "anna"),
      ),
    );
    const names = new Set(clients.map(({ joined }) => joined.name));
    assert.equal(names.size, CROWD);
    assert.ok(names.has("anna") && names.has(`anna_${String(CROWD / 2)}`));
    // What each was told at joining, and then of arrivals, is everybody: each name once.
    for (const client of clients) {
      const known = client.joined.users.map(({ name }) => name);
      while (known.length < CROWD) known.push((await client.next("arrived")).name);
      assert.deepEqual(new Set(known), names);
    }
    const [first, ...others] = clients;
    assert.ok(first !== undefined);
    first.send({ type: "say", id: "m-1", text: "good morning" });
    await first.next("ack");
    await Promise.all(
      others.map(async (other) => assert.equal((await other.next("said")).text, "good morning")),
    );
    first.send({ type: "users" });
    assert.equal((await first.next("users")).items.length, CROWD);
  });
});
