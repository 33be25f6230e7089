// Which of a machine's addresses an invite link proposes.
import assert from "node:assert/strict";
import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";
import { defaultRouteAddresses } from "../../../../extension/host/joining/defaultRoute.ts";
import { ownAddresses } from "../../../../extension/host/joining/ownAddresses.ts";

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  address.includes(":")
    ? { ...{ address, internal, family: "IPv6", scopeid: 0 }, netmask: "ffff::", mac: "", cidr: null }
    : { ...{ address, internal, family: "IPv4" }, netmask: "255.255.255.0", mac: "", cidr: null };

describe("a machine's own addresses", () => {
  it("are sorted so that likely reachable ones precede those of containers and tunnels", () => {
    const interfaces = {
      lo: [info("127.0.0.1", true), info("::1", true)],
      docker0: [info("172.17.0.1")],
      wg0: [info("10.8.0.2")],
      eth1: [info("169.254.7.7")],
      eth0: [info("203.0.113.5"), info("fe80::1")],
      wlan0: [info("192.168.1.5"), info("2001:db8::5")],
    };
    const rest = ["172.17.0.1", "10.8.0.2", "169.254.7.7"];
    assert.deepEqual(ownAddresses(interfaces, []), ["192.168.1.5", "203.0.113.5", ...rest]);
    assert.deepEqual(ownAddresses(interfaces, ["203.0.113.5"]), ["203.0.113.5", "192.168.1.5", ...rest]);
  });

  it("start with the default route's, whatever precedes it and whatever its name is", () => {
    for (const name of ["eth0", "wlp3s0", "en0", "br0", "br-lan", "vEthernet (External)", "Ethernet 3"]) {
      const interfaces = {
        "Ethernet 2": [info("192.168.56.1")],
        br0: [info("192.168.122.1")],
        docker0: [info("172.17.0.1")],
        tailscale0: [info("100.101.102.103")],
        [name]: [info("10.1.2.3")],
      };
      assert.equal(ownAddresses(interfaces, ["10.1.2.3"])[0], "10.1.2.3", name);
    }
  });

  for (const name of [
    ...[
      "docker0",
      "br-3f2a1b",
      "veth12ab",
      "virbr0",
      "vboxnet0",
      "vmnet8",
      "lxdbr0",
      "cni0",
      "podman1",
      "bridge100",
    ],
    ...[
      "vEthernet (WSL)",
      "vEthernet (Default Switch)",
      "VMware Network Adapter VMnet8",
      "VirtualBox Host-Only Network",
    ],
    ...[
      "tun0",
      "tap0",
      "wg0",
      "utun4",
      "tailscale0",
      "Tailscale",
      "zt7nnig26",
      "ppp0",
      "OpenVPN TAP-Windows6",
    ],
  ]) {
    it(`of ${name} come after network addresses`, () => {
      const interfaces = { [name]: [info("10.9.9.9")], eth0: [info("203.0.113.5")] };
      assert.deepEqual(ownAddresses(interfaces, []), ["203.0.113.5", "10.9.9.9"]);
    });
  }

  it("of a tunnel come after network addresses even when all traffic goes through it", () => {
    const interfaces = {
      utun4: [info("10.9.9.9")],
      docker0: [info("172.17.0.1")],
      en0: [info("192.168.1.5")],
    };
    assert.deepEqual(ownAddresses(interfaces, ["10.9.9.9"]), ["192.168.1.5", "10.9.9.9", "172.17.0.1"]);
  });

  it("are IPv6 if there is nothing else, except those that need a zone", () => {
    const interfaces = { eth0: [info("fe80::1"), info("2001:db8::5")], wlan0: [info("2001:db8::6")] };
    assert.deepEqual(ownAddresses(interfaces, ["2001:db8::6"]), ["2001:db8::6", "2001:db8::5"]);
  });

  it("are empty if there is only loopback", () => {
    assert.deepEqual(ownAddresses({ lo: [info("127.0.0.1", true)] }, []), []);
  });
});

describe("the address of the default route", () => {
  it("belongs to this machine if there is a route", async () => {
    const own = Object.values(networkInterfaces()).flatMap((infos) =>
      (infos ?? []).map(({ address }) => address),
    );
    const found = await defaultRouteAddresses();
    assert.ok(found.length <= 2);
    for (const address of found) assert.ok(own.includes(address), address);
  });
});
