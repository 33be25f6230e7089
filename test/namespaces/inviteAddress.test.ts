// Which address an invite link proposes on machines with bridges, tunnels and several networks.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as v from "valibot";
import { missing, scenario } from "./scenario.ts";
import { Topology, type Place } from "./topology.ts";

const PROGRAM = fileURLToPath(new URL("../support/ownAddressesProgram.ts", import.meta.url));
const Printed = v.object({ interfaces: v.array(v.string()), proposed: v.array(v.string()) });

async function look({ within }: Place): Promise<v.InferOutput<typeof Printed>> {
  const [command, ...words] = [...within, process.execPath, "--import", "tsx", PROGRAM];
  const { stdout } = await promisify(execFile)(command, words);
  return v.parse(Printed, JSON.parse(stdout));
}

/** What it is, its name alone tells; the other end of its wire leads nowhere. */
async function device(place: Place, name: string, address: string): Promise<void> {
  const end = `${name}-end`;
  await place.ip("link", "add", name, "type", "veth", "peer", "name", end);
  await place.ip("address", "add", address, "dev", name);
  for (const each of [name, end]) await place.ip("link", "set", each, "up");
}

describe("the address of an invite link", () => {
  const topology = new Topology();
  let machine: Place;

  before(async () => {
    if (missing !== undefined) return;
    machine = await topology.switch("machine");
    await device(machine, "docker0", "172.17.0.1/16");
    await device(machine, "tailscale0", "100.101.102.103/32");
    // Nothing in its name tells that it leads nowhere; its network is one of those for documentation.
    await device(machine, "eth1", "192.0.2.5/24");
    await device(machine, "hostonly", "192.168.56.1/24");
    await device(machine, "br-lan", "203.0.113.40/25");
  });
  after(() => topology.remove());

  scenario(
    "is that of a network before those of bridges and tunnels, where there is no default route",
    async () => {
      const { interfaces, proposed } = await look(machine);
      assert.deepEqual(interfaces.slice(0, 3), ["lo", "docker0", "tailscale0"], "they come first");
      assert.equal(proposed[0], "192.168.56.1");
      assert.deepEqual(proposed.slice(-1), ["100.101.102.103"]);
    },
  );

  scenario(
    "is that of the default route, though it is a bridge's and other interfaces come first",
    async () => {
      await machine.ip("route", "add", "default", "via", "203.0.113.1");
      assert.equal((await look(machine)).proposed[0], "203.0.113.40");
      await machine.ip("route", "del", "default");
    },
  );

  scenario("is none of a tunnel that takes all traffic", async () => {
    await machine.ip("route", "add", "default", "dev", "tailscale0");
    assert.equal((await look(machine)).proposed[0], "192.168.56.1");
    await machine.ip("route", "del", "default");
  });
});
