// How the core reads IP addresses, compared with how Node.js does.
import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { addressKind } from "../../../extension/core/channels/addressKind.ts";
import { addressGroups } from "../../../protocol/ipAddress.ts";

const group = fc.constantFrom(
  "0",
  "1",
  "ffff",
  "FFFF",
  "64",
  "ff9b",
  "2002",
  "fe80",
  "fd00",
  "0a00",
  "00001",
  "g",
  "",
);
const byte = fc.constantFrom(
  "0",
  "1",
  "10",
  "127",
  "169",
  "254",
  "192",
  "168",
  "172",
  "16",
  "100",
  "64",
  "255",
  "256",
  "01",
);
const dotted = fc.array(byte, { minLength: 3, maxLength: 5 }).map((bytes) => bytes.join("."));
const groups = fc.array(group, { maxLength: 9 }).map((all) => all.join(":"));
const text = fc.oneof(
  dotted,
  groups,
  fc.tuple(groups, groups).map(([a, b]) => `${a}::${b}`),
  fc.tuple(groups, dotted).map(([a, b]) => `${a}:${b}`),
  fc.tuple(groups, groups, dotted).map(([a, b, c]) => `${a}::${b}:${c}`),
  dotted.map((address) => `::ffff:${address}`),
  fc.ipV4(),
  fc.ipV6(),
  fc.string(),
);

const localRanges = new BlockList();
for (const [network, bits] of [
  ...[["10.0.0.0", 8] as const, ["172.16.0.0", 12] as const, ["192.168.0.0", 16] as const],
  ...[["100.64.0.0", 10] as const, ["198.18.0.0", 15] as const],
])
  localRanges.addSubnet(network, bits, "ipv4");
localRanges.addSubnet("fc00::", 7, "ipv6");

describe("an IP address in the core", () => {
  it("is valid where Node.js accepts it, and private in the same ranges", () => {
    fc.assert(
      fc.property(text, (address) => {
        const version = isIP(address);
        const isAddress = version !== 0 && !address.includes("%");
        const read = addressGroups(address);
        assert.equal(read !== undefined, isAddress, address);
        if (read === undefined) return;
        assert.equal(read.length, 8);
        assert.ok(read.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffff));
        const isPrivate = localRanges.check(address, version === 6 ? "ipv6" : "ipv4");
        assert.equal(addressKind(address) === "private", isPrivate, address);
      }),
      { numRuns: 5_000 },
    );
  });
});
