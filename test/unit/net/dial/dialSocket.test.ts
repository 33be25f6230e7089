// How a name with several addresses is dialed. Node's own timers give each attempt its time, so the test reads what it is told.
import assert from "node:assert/strict";
import { Socket, type TcpNetConnectOpts } from "node:net";
import { dialSocket } from "../../../../extension/net/dial/dialSocket.ts";
import { netLimits } from "../../../../extension/net/dial/netLimits.ts";

describe("the dial of a name with several addresses", () => {
  it("gives each the time that a distant server needs, and leaves some for the next ones", () => {
    const told: TcpNetConnectOpts[] = [];
    const prototype = Socket.prototype as { connect: (this: Socket, options: TcpNetConnectOpts) => Socket };
    const { connect } = prototype;
    prototype.connect = function (options) {
      told.push(options);
      return this;
    };
    try {
      dialSocket("chat.example", 443, { connected: () => undefined, failed: () => undefined }).destroy();
    } finally {
      prototype.connect = connect;
    }
    assert.equal(told.length, 1);
    assert.equal(told[0]?.autoSelectFamily, true);
    const { autoSelectFamilyAttemptTimeout: ms = 250 } = told[0];
    assert.ok(ms >= 2_000, "two round trips of a satellite link, and a lost packet");
    assert.ok(3 * ms < Math.min(netLimits.handshakeMs, netLimits.dialMs), "time for three without an answer");
  });
});
