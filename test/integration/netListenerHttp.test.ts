// The HTTP of the peer listener: what it answers to a peer that it expects.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import type { Address } from "../../protocol/fields.ts";
import type { FakeTimers } from "../support/fakeTimers.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp, passUntil, stopTime, testNetwork, type TestNetwork } from "./netHarness.ts";
import { answerTo, closed, listening, tlsTo, upgradeRequest } from "./peerHarness.ts";

describe("the peer listener's HTTP", () => {
  const carmen = new TestKey();
  let time: FakeTimers;
  let bobby: TestNetwork;
  let address: Address;

  beforeEach(async () => {
    time = stopTime();
    bobby = testNetwork();
    address = await listening(bobby, carmen);
  });

  afterEach(cleanUp);

  async function ask(request: string): Promise<string> {
    return answerTo(await tlsTo(address, carmen), request);
  }

  it("answers an upgrade with 101 and no extension, whatever it offers", async () => {
    const socket = await tlsTo(address, carmen);
    socket.write(upgradeRequest({ Host: "elsewhere", "Sec-WebSocket-Extensions": "permessage-deflate" }));
    const [head] = (await once(socket, "data")) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 /);
    assert.doesNotMatch(head.toString(), /extensions/i);
    await bobby.event("link/connected");
  });

  it("answers a web page with 403, whatever its Origin", async () => {
    for (const Origin of ["http://127.0.0.1", "null", ""]) {
      assert.match(await ask(upgradeRequest({ Origin })), /^HTTP\/1\.1 403 Forbidden\r\n[^]*\r\n\r\n$/);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers another path with 404", async () => {
    for (const path of ["/", "/peer/", "/peer?x", "/../peer", "http://peer/peer"]) {
      assert.match(await ask(upgradeRequest({}, path)), /^HTTP\/1\.1 404 Not Found\r\n/, path);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers a request without an upgrade with 426", async () => {
    for (const request of ["GET /peer HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"]) {
      assert.match(await ask(request), /^HTTP\/1\.1 426 /);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers garbage with 400, and endless headers with 431", async () => {
    for (const garbage of [
      "\u0000\u0001\r\n\r\n",
      "SSH-2.0-x\r\n\r\n",
      upgradeRequest({ "Sec-WebSocket-Key": "short" }),
    ]) {
      assert.match(await ask(garbage), /^HTTP\/1\.1 400 /);
    }
    assert.match(await ask(upgradeRequest({ "X-Long": "x".repeat(20_000) })), /^HTTP\/1\.1 431 /);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("limits the wait for a request, and for the end of a refused one", async () => {
    const refused = await tlsTo(address, carmen, { socket: connect({ ...address, allowHalfOpen: true }) });
    refused.resume().write(upgradeRequest({}, "/"));
    await once(refused, "end");
    const [idle, slow] = [await tlsTo(address, carmen), await tlsTo(address, carmen)];
    slow.write("GET /peer HTTP/1.1\r\nHost:");
    await passUntil(Promise.all([closed(idle), closed(slow)]), time, netLimits.handshakeMs / 10);
    // After the other side has ended, a half-open socket only learns by writing that its peer is gone.
    while (!refused.closed) {
      refused.write("Hello?");
      await delay(10);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });
});
