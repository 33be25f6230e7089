// Who makes room in a full lobby: compared with a search through all members.
import assert from "node:assert/strict";
import fc from "fast-check";
import { networkKey } from "../../../../protocol/ipAddress.ts";
import { MemberNetworks } from "../../../../server/hall/memberNetworks.ts";

const addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8:1:1::/64", "2001:db8:1:2::/64"] as const;

/** In order of arrival: each member with its address. */
type Members = ReadonlyMap<number, string>;

function searched(members: Members, newcomer: string): number | undefined {
  const sizes = new Map<string, number>();
  for (const address of members.values())
    sizes.set(networkKey(address), (sizes.get(networkKey(address)) ?? 0) + 1);
  const most = Math.max(0, ...sizes.values());
  if (2 * ((sizes.get(networkKey(newcomer)) ?? 0) + 1) > most) return undefined;
  return [...members].findLast(([, address]) => sizes.get(networkKey(address)) === most)?.[0];
}

describe("the networks of members", () => {
  it("tell who makes room through all arrivals, moves and departures, also once they are built anew", () => {
    const step = fc.record({
      kind: fc.constantFrom("add", "add", "move", "remove", "evict"),
      member: fc.nat(30),
      address: fc.constantFrom(...addresses),
    });
    let evictions = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const networks = new MemberNetworks<number>();
        const members = new Map<number, string>();
        const remove = (member: number): void => {
          members.delete(member);
          networks.remove(member);
        };
        for (const { kind, member, address } of steps) {
          if (kind === "evict") {
            const goes = networks.toGo(address);
            if (goes !== undefined) remove(goes);
            evictions += goes === undefined ? 0 : 1;
          } else if (kind === "remove") remove(member);
          else if (kind === "move" && members.has(member)) {
            members.set(member, address);
            networks.move(member, address);
          } else if (!members.has(member)) {
            members.set(member, address);
            networks.add(member, address);
          }
          const anew = new MemberNetworks<number>();
          for (const [each, at] of members) anew.add(each, at);
          for (const newcomer of addresses) {
            assert.equal(networks.toGo(newcomer), searched(members, newcomer));
            assert.equal(anew.toGo(newcomer), searched(members, newcomer));
          }
        }
      }),
    );
    assert.ok(evictions > 0, "no one had to make room");
  });
});
