// Which address counts as the client's when a proxy passes its request on.
import assert from "node:assert/strict";
import { createProxies, ipAddressOf } from "../../../../server/admission/forwardedAddress.ts";

const PROXY = "10.0.0.1";
const trusting = createProxies(new Set([PROXY, "::1"]));
const from = (...values: readonly string[]): string =>
  trusting.clientOf(
    PROXY,
    values.flatMap((value) => ["X-Forwarded-For", value]),
  );

describe("the client address of a request", () => {
  it("is the one at the other end, unless that is a trusted proxy", () => {
    const headers = ["X-Forwarded-For", "203.0.113.9"];
    assert.equal(trusting.clientOf("10.0.0.2", headers), "10.0.0.2");
    assert.equal(trusting.clientOf("::ffff:10.0.0.2", headers), "10.0.0.2");
    assert.equal(trusting.clientOf("2001:db8::1", headers), "2001:db8::1");
    assert.equal(createProxies(new Set()).clientOf(PROXY, headers), PROXY);
    for (const remote of [PROXY, `::ffff:${PROXY}`, "::1"])
      assert.equal(trusting.clientOf(remote, headers), "203.0.113.9", remote);
  });

  it("is the last one listed, in the last of several headers", () => {
    assert.equal(from("198.51.100.7, 203.0.113.9"), "203.0.113.9");
    assert.equal(from("198.51.100.7,203.0.113.9"), "203.0.113.9");
    assert.equal(from("198.51.100.7", "203.0.113.9"), "203.0.113.9");
    const mixed = ["x-forwarded-for", "198.51.100.7", "Host", "x", "X-FORWARDED-FOR", " 203.0.113.9 "];
    assert.equal(trusting.clientOf(PROXY, mixed), "203.0.113.9");
    assert.equal(trusting.clientOf(PROXY, ["Cookie", "X-Forwarded-For", "Host", "203.0.113.9"]), PROXY);
  });

  it("may be in a private network", () => {
    for (const address of ["10.0.0.7", "192.168.1.5", "fd00::5"]) assert.equal(from(address), address);
  });

  it("is read in every notation", () => {
    for (const [text, address] of [
      ["203.0.113.9:50123", "203.0.113.9"],
      ["::ffff:203.0.113.9", "203.0.113.9"],
      ["::FFFF:cb00:7109", "203.0.113.9"],
      ["[::ffff:203.0.113.9]:50123", "203.0.113.9"],
      ["[2001:db8::5]", "2001:db8::5"],
      ["[2001:DB8:0:0::5]:50123", "2001:db8::5"],
      ["2001:0db8:0::0005", "2001:db8::5"],
    ] as const)
      assert.equal(from(text), address, text);
  });

  it("is the proxy's when it lists none, or an impossible one", () => {
    assert.equal(from(), PROXY);
    const texts = ["", ",", "203.0.113.9,", "unknown", "_hidden", "localhost", "203.0.113", "203.0.113.256"];
    const wrong = [
      "203.0.113.9:",
      "203.0.113.9:x",
      "[203.0.113.9]",
      "[2001:db8::5",
      "2001:db8::5]",
      "1.2.3.4 5",
    ];
    const zones = ["fe80::1%eth0", "[fe80::1%25eth0]:9", "2001:db8::5%1", "2001:db8::5%"];
    const nobody = [
      "0.0.0.0",
      "127.0.0.1",
      "::1",
      "::",
      "169.254.1.1",
      "fe80::1",
      "224.0.0.1",
      "255.255.255.255",
    ];
    const long = ["9".repeat(8_000), ",".repeat(8_000), "[".repeat(8_000), `${"1.".repeat(4_000)}1`];
    for (const text of [...texts, ...wrong, ...zones, ...nobody, ...long, "ff02::1", "::ffff:127.0.0.1"])
      assert.equal(from(text), PROXY, text.slice(0, 40));
    assert.equal(from("203.0.113.9", "junk"), PROXY, "an earlier one is not believed instead");
  });
});

describe("an IP address", () => {
  it("has one canonical form", () => {
    assert.equal(ipAddressOf("2001:DB8::0:1"), "2001:db8::1");
    assert.equal(ipAddressOf("::ffff:7f00:1"), "127.0.0.1");
    assert.equal(ipAddressOf("::1.2.3.4"), "::102:304");
    assert.equal(ipAddressOf("chat.example"), undefined);
  });
});
