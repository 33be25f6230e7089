// What clients have sent and the server has not handled: how much of it, and whose. No socket.
import assert from "node:assert/strict";
import { HeldBytes, type Sender } from "../../../../server/budgets/heldBytes.ts";

const KIB = 1024;
const BYTES = 256 * KIB;

class Client implements Sender {
  readonly address: string;
  heldBytes = 0;
  cuts = 0;

  constructor(address: string) {
    this.address = address;
  }

  floods(): void {
    this.cuts += 1;
  }
}

describe("messages that wait to be read", () => {
  let held: HeldBytes;
  beforeEach(() => (held = new HeldBytes(BYTES)));

  function hold(client: Client, bytes: number): void {
    client.heldBytes = bytes;
    held.update(client);
  }

  it("are bounded for all together: the oldest of the address with the most is cut", () => {
    const honest = new Client("192.0.2.1");
    hold(honest, 32 * KIB);
    const others = Array.from({ length: 8 }, () => new Client("192.0.2.2"));
    for (const client of others) hold(client, 64 * KIB);
    const cuts = others.map((client) => client.cuts);
    assert.deepEqual([cuts, honest.cuts], [[1, 1, 1, 1, 1, 0, 0, 0], 0]);
  });

  it("count an IPv6 /64 as one address, and a /48 as one network", () => {
    const honest = Array.from({ length: 2 }, (_, n) => new Client(`2001:db8:1::${n + 1}`));
    for (const client of honest) hold(client, 32 * KIB);
    const others = Array.from({ length: 16 }, (_, n) => new Client(`2001:db8:2:${n}::1`));
    for (const client of others) hold(client, 16 * KIB);
    assert.deepEqual([honest, others].map(cutsOf), [0, 4]);
  });

  it("cost no one anything while each holds little, however many there are", () => {
    const crowd = Array.from({ length: 1_000 }, (_, n) => new Client(`192.0.2.${n % 7}`));
    for (const client of crowd) hold(client, 4 * KIB - 1);
    assert.equal(cutsOf(crowd), 0);
  });

  it("no longer count once they are read, or their client is gone", () => {
    const crowd = Array.from({ length: 8 }, () => new Client("192.0.2.1"));
    for (const client of crowd) {
      hold(client, 128 * KIB);
      hold(client, 0);
      hold(client, 128 * KIB);
      held.forget(client);
    }
    assert.equal(cutsOf(crowd), 0);
  });
});

function cutsOf(clients: readonly Client[]): number {
  return clients.reduce((sum, { cuts }) => sum + cuts, 0);
}
