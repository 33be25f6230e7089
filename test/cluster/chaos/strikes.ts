// What can be done to a lobby of several servers, to its engine, and to the ways and the clocks. Each ends when all is whole again.
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../support/etcd.ts";
import type { EtcdMember } from "../../support/etcdMember.ts";
import { pauseProcess, resumeProcess } from "../../support/pausedProcess.ts";
import type { PeerLinks } from "../../support/peerLinks.ts";
import type { Place } from "./place.ts";

export type Struck = {
  readonly engine: Engine;
  /** Between the engine's members. */
  readonly links: PeerLinks;
  readonly places: readonly Place[];
  readonly random: () => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** Something is done to the engine. */
  readonly engineFault: (kind: string) => void;
  readonly until: (what: string, isSo: () => boolean) => Promise<void>;
};

/** Milliseconds by which clocks are ahead, or behind. */
const PAST = [-86_400_000, -3_600_000, -30_000, -4_000] as const;
const NEAR = [-700, 0, 0, 900] as const;
const FUTURE = [5_000, 60_000, 7_200_000, 3 * 86_400_000] as const;

/** What comes more often. */
const OFTEN = ["kill -9 of one", "kill -9 of one", "SIGSTOP", "cut", "short cut", "kill of the leader"];

/** Clocks that differ by so many milliseconds lead to a warning, however long the way between the servers is. */
const DIFFERS_MS = 3_000;

export class Strikes {
  readonly #struck: Struck;

  constructor(struck: Struck) {
    this.#struck = struck;
    const { places, pick, random } = struck;
    for (const [n, place] of places.entries())
      place.clock.milliseconds = pick([PAST, FUTURE, NEAR][n % 3] ?? NEAR);
    for (const kind of Object.keys(this.kinds))
      this.#first.splice(Math.floor(random() * (this.#first.length + 1)), 0, kind);
  }

  readonly kinds: Readonly<Record<string, () => Promise<void>>> = {
    "kill -9 of one": () => this.#breakServers("kill -9 of one", [this.#onePlace()]),
    "kill -9 of two": () => this.#breakServers("kill -9 of two", this.#struck.places.slice(1)),
    "kill -9 of all": () => this.#breakServers("kill -9 of all", this.#struck.places),
    SIGTERM: () => this.#breakServers("SIGTERM", [this.#onePlace()]),
    SIGSTOP: () => this.#pauseServer(this.#onePlace()),
    cut: () => this.#cutOff(this.#onePlace()),
    "short cut": () => this.#cutShortly(this.#onePlace()),
    "jump of a clock": () => this.#shiftClock(this.#onePlace()),
    "kill of a member": () =>
      this.#breakMembers("the kill of a member", [this.#struck.pick(this.#struck.engine.members)]),
    "kill of the leader": async () => this.#breakMembers("the kill of the leader", [await this.#leader()]),
    "kill of the engine": () => this.#breakMembers("the kill of the engine", this.#struck.engine.members),
    "pause of the leader": async () => this.#pauseMember("a pause of the leader", await this.#leader()),
    "pause of a follower": async () => this.#pauseMember("a pause of a follower", await this.#follower()),
    "cut of the leader": async () => this.#cutOffMember("a cut of the leader", await this.#leader()),
    "cut of a follower": async () => this.#cutOffMember("a cut of a follower", await this.#follower()),
  };

  /** Those that each run has, in an order of its own. */
  readonly #first: string[] = [];

  /** The next one: each once, and then by chance. */
  draw(): string {
    return this.#first.pop() ?? this.#struck.pick([...OFTEN, ...Object.keys(this.kinds)]);
  }

  /** Resolves when every server whose clock differs from another one's has logged it. */
  async clocksAreTold(): Promise<void> {
    const { places, until } = this.#struck;
    const differs = ({ clock }: Place): boolean =>
      places.some((other) => Math.abs(other.clock.milliseconds - clock.milliseconds) >= DIFFERS_MS);
    await until("clocks that differ are logged", () =>
      places.every((place) => !differs(place) || place.hasWarned),
    );
  }

  #onePlace(): Place {
    return this.#struck.pick(this.#struck.places);
  }

  #leader(): Promise<EtcdMember> {
    return this.#struck.engine.leader();
  }

  async #follower(): Promise<EtcdMember> {
    return this.#struck.pick(await this.#struck.engine.followers());
  }

  #anyClock(): number {
    return this.#struck.pick([...PAST, ...NEAR, ...FUTURE]);
  }

  async #breakServers(kind: string, hurt: readonly Place[]): Promise<void> {
    const { random } = this.#struck;
    for (const place of hurt) place.fault = kind;
    await Promise.all(hurt.map((place) => place.stop(kind === "SIGTERM" ? "SIGTERM" : "SIGKILL")));
    await delay(random() * 2_000);
    for (const { clock } of hurt) if (random() < 0.3) clock.milliseconds = this.#anyClock();
    await Promise.all(hurt.map((place) => place.start()));
  }

  async #pauseServer(place: Place): Promise<void> {
    place.fault = "SIGSTOP";
    const { process } = place;
    if (process !== undefined) await pauseProcess(process.child);
    await delay(500 + this.#struck.random() * 7_000);
    if (process !== undefined) resumeProcess(process.child);
  }

  async #cutOff(place: Place): Promise<void> {
    const { random } = this.#struck;
    place.fault = "a cut from the engine";
    place.isCut = true;
    for (const way of place.ways) way.strike(random() < 0.5 ? "cut" : "swallow");
    await delay(200 + random() * 7_000);
    place.isCut = false;
  }

  #cutShortly({ ways }: Place): Promise<void> {
    for (const way of ways) way.strike(this.#struck.pick(["cut", "swallow", "stall"]));
    return Promise.resolve();
  }

  async #shiftClock({ clock }: Place): Promise<void> {
    clock.milliseconds = this.#anyClock();
    await this.clocksAreTold();
  }

  async #breakMembers(kind: string, hurt: readonly EtcdMember[]): Promise<void> {
    this.#struck.engineFault(kind);
    await Promise.all(hurt.map((member) => member.kill()));
    await delay(500 + this.#struck.random() * 1_500);
    await Promise.all(hurt.map((member) => member.start()));
  }

  async #pauseMember(kind: string, member: EtcdMember): Promise<void> {
    this.#struck.engineFault(kind);
    await member.pause();
    await delay(500 + this.#struck.random() * 3_000);
    member.resume();
  }

  async #cutOffMember(kind: string, member: EtcdMember): Promise<void> {
    const { links, places, random, pick, engineFault } = this.#struck;
    engineFault(kind);
    links.cutOff(member, pick(["reset", "silent"]));
    await delay(200 + random() * 3_000);
    // Servers that look for another member may come to this one, which has not heard of the latest.
    for (const place of places) await this.#cutShortly(place);
    await delay(200 + random() * 3_000);
    links.heal();
  }
}
