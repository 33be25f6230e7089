// Small networks out of Linux network namespaces: switches, hosts, routers with NAT and a firewall. For the tests in this
// folder, which run as root.
import { execFile } from "node:child_process";

/** Begins the name of every namespace of this process: two runs do not collide. */
export const NAMESPACES = `fork-chat-${process.pid}-`;

/** What a router does: its site goes out under its one address, and nothing comes in that was not asked for. */
export const ROUTER_RULES = `
  table ip nat {
    chain postrouting {
      type nat hook postrouting priority 100;
      oifname "wan" masquerade
    }
  }
  table inet firewall {
    chain input {
      type filter hook input priority 0; policy drop;
      ct state established,related accept
      iifname != "wan" accept
    }
    chain forward {
      type filter hook forward priority 0; policy drop;
      ct state established,related accept
      iifname != "wan" accept
    }
  }`;

const HOST_RULES = `
  table inet firewall {
    chain input {
      type filter hook input priority 0; policy drop;
      ct state established,related accept
      iifname "lo" accept
    }
  }`;

/** The device of every switch, in the namespace that it stands in. */
const SWITCH = "switch";

/** One network namespace: a host, a router, or the place of a switch. */
export class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The words that make a program run in here. */
  get within(): readonly string[] {
    return ["ip", "netns", "exec", this.name];
  }

  async ip(...args: readonly string[]): Promise<void> {
    await run("ip", ["-n", this.name, ...args]);
  }

  async nft(rules: string): Promise<void> {
    await this.#exec("nft", ["-f", "-"], rules);
  }

  /** Its own firewall silently drops unsolicited packets. */
  async shut(): Promise<void> {
    await this.nft(HOST_RULES);
  }

  async open(): Promise<void> {
    await this.nft("delete table inet firewall");
  }

  /** Silently drops everything from this IPv4 address. */
  async ignore(address: string): Promise<void> {
    await this.nft(`
      table inet deaf {
        chain input {
          type filter hook input priority -10;
          ip saddr ${address} drop
        }
      }`);
  }

  async heed(): Promise<void> {
    await this.nft("delete table inet deaf");
  }

  /** Lets packets pass from one of its devices to another. */
  async forward(): Promise<void> {
    await this.#exec("sh", ["-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
  }

  async #exec(program: string, args: readonly string[], input = ""): Promise<void> {
    const [command = "", ...words] = this.within;
    await run(command, [...words, program, ...args], input);
  }
}

/** The places of one test file, and the wires between them. */
export class Topology {
  readonly #places: Place[] = [];
  #wires = 0;
  #removed = false;

  /** A place with a switch in it, which has these addresses itself (each with the length of its prefix). */
  async switch(label: string, ...addresses: readonly string[]): Promise<Place> {
    const place = await this.#place(label);
    await this.#addSwitch(place, addresses);
    return place;
  }

  /** A host with one wire to a switch. */
  async host(label: string, at: Place, addresses: readonly string[], gateway?: string): Promise<Place> {
    const place = await this.#place(label);
    await this.#plug(place, "lan", at, addresses, gateway);
    return place;
  }

  /** A router with one wire to a switch outside, and with a switch of its own for the hosts of its site. */
  async router(label: string, outside: Place, wan: string, gateway: string, lan: string): Promise<Place> {
    const place = await this.#place(label);
    await this.#plug(place, "wan", outside, [wan], gateway);
    await this.#addSwitch(place, [lan]);
    await place.nft(ROUTER_RULES);
    await place.forward();
    return place;
  }

  /** Removes everything, wires included. The caller ends the processes inside. */
  async remove(): Promise<void> {
    this.#removed = true;
    const places = this.#places.splice(0);
    await Promise.all(places.map(({ name }) => run("ip", ["netns", "del", name])));
  }

  async #place(label: string): Promise<Place> {
    const place = new Place(`${NAMESPACES}${label}`);
    // What makes it may have run out of its time, and not know.
    if (this.#removed) throw new Error("The topology has been removed");
    this.#places.push(place);
    await run("ip", ["netns", "add", place.name]);
    await place.ip("link", "set", "lo", "up");
    return place;
  }

  async #addSwitch(place: Place, addresses: readonly string[]): Promise<void> {
    await place.ip("link", "add", SWITCH, "type", "bridge");
    await bringUp(place, SWITCH, addresses);
  }

  async #plug(
    place: Place,
    device: string,
    at: Place,
    addresses: readonly string[],
    gateway?: string,
  ): Promise<void> {
    this.#wires += 1;
    const socket = `wire${this.#wires}`;
    const far = ["peer", "name", socket, "netns", at.name];
    await place.ip("link", "add", device, "type", "veth", ...far);
    await at.ip("link", "set", socket, "master", SWITCH, "up");
    await bringUp(place, device, addresses);
    if (gateway !== undefined) await place.ip("route", "add", "default", "via", gateway);
  }
}

async function bringUp(place: Place, device: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses)
    await place.ip("address", "add", address, "dev", device, ...atOnce(address));
  await place.ip("link", "set", device, "up");
}

/** An IPv6 address is not to be used for a second or two otherwise, while it is looked for elsewhere. */
function atOnce(address: string): readonly string[] {
  return address.includes(":") ? ["nodad"] : [];
}

function run(command: string, args: readonly string[], input = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${command} ${args.join(" ")}: ${stderr}`, { cause: error }));
    });
    // A program that reads nothing may be gone before this is written.
    child.stdin?.on("error", () => undefined).end(input);
  });
}
