// Which of a machine's addresses an invite link proposes.
import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { ownAddresses } from "../../extension/host/ownAddresses.ts";

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  address.includes(":")
    ? { ...{ address, internal, family: "IPv6", scopeid: 0 }, netmask: "ffff::", mac: "", cidr: null }
    : { ...{ address, internal, family: "IPv4" }, netmask: "255.255.255.0", mac: "", cidr: null };

describe("a machine's own addresses", () => {
  it("are those which others are likely to reach before those of containers and tunnels", () => {
    const addresses = ownAddresses({
      lo: [info("127.0.0.1", true), info("::1", true)],
      docker0: [info("172.17.0.1")],
      wg0: [info("10.8.0.2")],
      eth1: [info("169.254.7.7")],
      eth0: [info("203.0.113.5"), info("fe80::1")],
      wlan0: [info("192.168.1.5"), info("2001:db8::5")],
    });
    assert.deepEqual(addresses, ["192.168.1.5", "203.0.113.5", "172.17.0.1", "10.8.0.2", "169.254.7.7"]);
  });

  it("are none where there is nothing but loopback", () => {
    assert.deepEqual(ownAddresses({ lo: [info("127.0.0.1", true)] }), []);
  });
});
