// What addresses are, which of them go into a card and which are dialled, and what a server's address may be.
import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { cardAddresses } from "../../../../extension/net/listener/cardAddresses.ts";
import { addressKind } from "../../../../extension/core/channels/addressKind.ts";
import { dialableAddresses } from "../../../../extension/core/channels/dialableAddresses.ts";
import { formatPlace } from "../../../../extension/net/dial/ipAddress.ts";
import { parseServerUrl } from "../../../../extension/net/dial/serverUrl.ts";

describe("addressKind", () => {
  const kinds = {
    loopback: ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:0:0:1"],
    private: [
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.0.1",
      "100.64.0.1",
      "fd00::1",
      "::ffff:10.0.0.1",
    ],
    public: ["8.8.8.8", "172.32.0.1", "2001:db8::1", "11.0.0.1", "100.128.0.1"],
    unusable: [
      ...[
        "0.0.0.0",
        "::",
        "169.254.1.1",
        "fe80::1",
        "fe80::1%eth0",
        "224.0.0.1",
        "255.255.255.255",
        "ff02::1",
      ],
      ...["", "localhost", "127.1", "1.2.3", "::ffff:169.254.169.254"],
      ...["64:ff9b::a00:1", "2002:a00:1::1", "2001:0:1::1", "::a00:1", "fec0::1", "192.0.0.8"],
    ],
  } as const;
  for (const [kind, hosts] of Object.entries(kinds)) {
    for (const host of hosts) {
      it(`classifies ${host === "" ? "no text" : host} as ${kind}`, () => {
        assert.equal(addressKind(host), kind);
      });
    }
  }
});

describe("formatPlace", () => {
  it("puts IPv6 addresses in brackets", () => {
    assert.equal(formatPlace("::1", 80), "[::1]:80");
    assert.equal(formatPlace("127.0.0.1", 80), "127.0.0.1:80");
  });
});

describe("dialableAddresses", () => {
  const hosts = ["203.0.113.5", "192.168.1.5", "127.0.0.1", "2001:db8::5", "fd00::5", "::1"];
  const nowhere = { overLoopback: false, nearby: false, seenAt: [] };
  const dialled = (addresses: readonly string[], change: object = {}) =>
    dialableAddresses(
      addresses.map((host) => ({ host, port: 9 })),
      { ...nowhere, ...change },
    ).map(({ host }) => host);

  it("keeps the order of the card, and returns loopback only on the same machine", () => {
    const seen = ["192.168.1.1", "fd00::1"];
    assert.deepEqual(dialled(hosts, { seenAt: seen }), [
      "203.0.113.5",
      "192.168.1.5",
      "2001:db8::5",
      "fd00::5",
    ]);
    assert.deepEqual(dialled(hosts, { overLoopback: true }), hosts);
  });

  it("puts nearby addresses first when both are behind one address", () => {
    assert.deepEqual(dialled(hosts, { nearby: true }), [
      ...["192.168.1.5", "fd00::5"],
      ...["203.0.113.5", "2001:db8::5"],
    ]);
  });

  it("returns private addresses only in a range where the server, the peer or this window was seen", () => {
    const private_ = ["10.0.0.5", "172.16.0.5", "192.168.1.5", "100.64.0.5", "fd00::5"];
    assert.deepEqual(dialled(private_), []);
    assert.deepEqual(dialled(private_, { seenAt: ["203.0.113.7", "203.0.113.1", "2001:db8::1", ""] }), []);
    for (const [seen, expected] of [
      ["10.200.0.1", "10.0.0.5"],
      ["::ffff:172.31.0.1", "172.16.0.5"],
      ["192.168.77.1", "192.168.1.5"],
      ["100.127.0.1", "100.64.0.5"],
      ["fdff::1", "fd00::5"],
    ] as const) {
      assert.deepEqual(dialled(private_, { seenAt: ["203.0.113.7", seen] }), [expected], seen);
    }
    const written = ["::ffff:10.0.0.5", "::ffff:a00:5"];
    assert.deepEqual(dialled(written), []);
    assert.deepEqual(dialled(written, { seenAt: ["10.0.0.1"] }), written);
  });

  it("returns each address once, and no invalid one", () => {
    const none = ["0.0.0.0", "::", "169.254.169.254", "fe80::1", "224.0.0.1", "::ffff:127.0.0.1"];
    assert.deepEqual(dialled([...none, "203.0.113.5", "203.0.113.5"]), ["203.0.113.5"]);
    const twice = [1, 2, 1].map((port) => ({ host: "203.0.113.5", port }));
    assert.equal(dialableAddresses(twice, nowhere).length, 2);
  });
});

describe("cardAddresses", () => {
  const info = (address: string, internal = false): NetworkInterfaceInfo => {
    const rest = { address, netmask: "", mac: "", internal, cidr: null };
    return address.includes(":") ? { ...rest, family: "IPv6", scopeid: 0 } : { ...rest, family: "IPv4" };
  };
  const interfaces = {
    lo: [info("127.0.0.1", true), info("::1", true)],
    eth0: [info("2001:db8::5"), info("fe80::5"), info("203.0.113.5"), info("fd00::5"), info("192.168.1.5")],
    wlan0: [info("10.0.0.5"), info("169.254.3.3"), info("192.168.1.5")],
    gone: undefined,
  };
  const hosts = (bound: string, overLoopback: boolean, max = 16): string[] =>
    cardAddresses({ host: bound, port: 9 }, interfaces, overLoopback, max).map(({ host }) => host);

  it("lists each address of the machine once, private IPv4 first, and no interface-local ones", () => {
    const all = ["192.168.1.5", "10.0.0.5", "203.0.113.5", "fd00::5", "2001:db8::5"];
    assert.deepEqual(hosts("::", false), all);
  });

  it("lists IPv4 addresses only for a listener without IPv6", () => {
    assert.deepEqual(hosts("0.0.0.0", false), ["192.168.1.5", "10.0.0.5", "203.0.113.5"]);
  });

  it("adds loopback, always last, when the server is on this machine", () => {
    assert.deepEqual(hosts("0.0.0.0", true, 3), ["192.168.1.5", "10.0.0.5", "127.0.0.1"]);
    assert.deepEqual(cardAddresses({ host: "::", port: 9 }, {}, true, 16), [{ host: "127.0.0.1", port: 9 }]);
  });

  it("lists interfaces of containers and virtual machines last: there may be many", () => {
    const bridges = Array.from({ length: 17 }, (_, n) => [`br-${n}`, [info(`172.${n + 18}.0.1`)]] as const);
    const all = {
      docker0: [info("172.17.0.1")],
      ...Object.fromEntries(bridges),
      "vEthernet (WSL)": [info("10.9.9.9")],
      enx00e04c: [info("192.168.1.20"), info("2001:db8::5")],
    };
    const listed = cardAddresses({ host: "::", port: 9 }, all, false, 4).map(({ host }) => host);
    assert.deepEqual(listed, ["192.168.1.20", "2001:db8::5", "172.17.0.1", "172.18.0.1"]);
  });

  it("lists the one address that a listener is bound to", () => {
    assert.deepEqual(hosts("127.0.0.1", false), ["127.0.0.1"]);
    assert.deepEqual(hosts("203.0.113.5", true), ["203.0.113.5"]);
  });

  it("is empty for a machine without a network", () => {
    assert.deepEqual(cardAddresses({ host: "::", port: 9 }, {}, false, 16), []);
  });
});

describe("parseServerUrl", () => {
  it("reads host, port and path", () => {
    const read = (url: string): unknown => {
      const result = parseServerUrl(url);
      return result.ok ? Object.values(result.value) : result.error;
    };
    assert.deepEqual(read("ws://127.0.0.1:43210"), ["127.0.0.1", 43210, false, "/", "127.0.0.1:43210"]);
    assert.deepEqual(read("ws://[::1]:43210/a?b"), ["::1", 43210, false, "/a?b", "[::1]:43210"]);
    assert.deepEqual(read("WS://Chat.Example"), ["chat.example", 80, false, "/", "chat.example:80"]);
    assert.deepEqual(read("wss://chat.example"), ["chat.example", 443, true, "/", "chat.example:443"]);
    assert.deepEqual(read("ws://0.0.0.0:9"), ["127.0.0.1", 9, false, "/", "127.0.0.1:9"]);
    assert.deepEqual(read("ws://Chat.Example.:9"), ["chat.example", 9, false, "/", "chat.example:9"]);
  });

  it("says what is wrong with an invalid one", () => {
    for (const [url, problem] of [
      ["ws://", "the host name in the server URL is not valid"],
      ["ws:///", "the host name in the server URL is not valid"],
      ["ws://h:0", "the port in a server URL must be between 1 and 65535"],
      ["ws://h:99999", "the port in a server URL must be between 1 and 65535"],
      ["h:43210", "a server URL must start with ws:// or wss://"],
      ["http://h", "a server URL must start with ws:// or wss://"],
      ["ws://a b", "a server URL must not contain spaces or line breaks"],
      ["ws://h/#f", "a server URL must not contain a “#”"],
      ["ws://u@h", "a server URL must not contain a user name or password"],
      [
        "ws://[fe80::1%eth0]:9",
        "link-local IPv6 addresses (fe80::…) don't work in a server URL; use the server's name or another of its addresses",
      ],
    ]) {
      assert.deepEqual(parseServerUrl(url ?? ""), { ok: false, error: problem });
    }
  });
});
