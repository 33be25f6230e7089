// Strangers who send a window's listener one recorded ClientHello after the other, from many addresses: each answer is a signature
// and a key exchange. The window gives a bounded number of them, and a peer gets in meanwhile.
import assert from "node:assert/strict";
import { once } from "node:events";
import { PEER_ALPN } from "../../protocol/peer.ts";
import { cleanUp, testNetwork } from "../integration/netHarness.ts";
import { knock, listening, startOf, target } from "../integration/peerHarness.ts";
import { recordHello } from "../support/recordedHello.ts";

const PER_SECOND = 10;
const BURST = 20;
const HELLOS = 300;
const ADDRESSES = 8;

describe("strangers who begin handshakes without end", function () {
  this.timeout(30_000);
  afterEach(cleanUp);

  it("get as many answers as there may be in that time, and keep no peer out", async () => {
    const anna = testNetwork();
    const bobby = testNetwork({
      limits: { strangerPiecesPerSecond: PER_SECOND, strangerPieceBurst: BURST },
    });
    const address = await listening(bobby, anna);
    await listening(anna, bobby);
    const hello = await recordHello({ ALPNProtocols: [PEER_ALPN], minVersion: "TLSv1.3" });
    const start = performance.now();
    let answered = 0;
    for (let n = 0; n < HELLOS; n++) {
      const socket = await knock(address, `127.0.1.${1 + (n % ADDRESSES)}`);
      socket.once("data", () => (answered += 1));
      socket.write(hello);
      if (n !== HELLOS / 2) continue;
      anna.dial("d1", target(bobby, address));
    }
    // Those that are not answered have been cut for others, or wait for their turn.
    await startOf(anna, "d1");
    const last = await knock(address, "127.0.1.1");
    last.destroy();
    await once(last, "close");
    const most = BURST + (PER_SECOND * (performance.now() - start)) / 1_000;
    assert.ok(answered > 0 && answered <= most, `${answered} answers, ${most} at most`);
  });
});
