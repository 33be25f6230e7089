// Two sites, each behind a router with NAT that drops what comes in unasked, and hosts with public addresses between
// them: whether a session is direct or relayed, and what is said when it can be neither.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BLOCK_BYTES } from "../../protocol/bulk.ts";
import { noise } from "../support/fileTransfers.ts";
import type { Outcome } from "../support/windowProcess.ts";
import { Cast, Session, type Person } from "./cast.ts";
import { missing, scenario } from "./scenario.ts";
import { Topology } from "./topology.ts";

// Addresses of documentation stand for public ones: nothing in here has a way out.
const SERVER = "203.0.113.1";
const HOME = "203.0.113.11";
const OFFICE = "203.0.113.12";

describe("private sessions across NAT routers", () => {
  const topology = new Topology();
  const cast = new Cast();
  let people: Record<
    "anna" | "bobby" | "carmen" | "dora" | "erin" | "fred" | "gus" | "hana" | "nora" | "omar",
    Person
  >;
  /** Files, and what windows keep. */
  let root = "";
  let directOnly: Promise<Outcome>;
  let withoutRelay: Promise<Outcome>;

  before(async () => {
    if (missing !== undefined) return;
    root = mkdtempSync(join(tmpdir(), "fork-chat-nat-"));
    const internet = await topology.switch("internet", `${SERVER}/24`);
    const home = await topology.router("home", internet, `${HOME}/24`, SERVER, "192.168.1.1/24");
    const office = await topology.router("office", internet, `${OFFICE}/24`, SERVER, "192.168.2.1/24");
    const atHome = await topology.host("anna", home, ["192.168.1.21/24"], "192.168.1.1");
    const besides = await topology.host("bobby", home, ["192.168.1.22/24"], "192.168.1.1");
    const atWork = await topology.host("carmen", office, ["192.168.2.21/24"], "192.168.2.1");
    const outside = (label: string, address: string) => topology.host(label, internet, [address], SERVER);
    const open = await outside("dora", "203.0.113.31/24");
    const shut = [
      await outside("erin", "203.0.113.32/24"),
      await outside("fred", "203.0.113.33/24"),
      await outside("gus", "203.0.113.34/24"),
      await outside("hana", "203.0.113.35/24"),
    ] as const;
    for (const place of shut) await place.shut();

    const server = await cast.server(internet, SERVER);
    const noRelay = await cast.server(internet, SERVER, "--no-relay");
    // What becomes of these is known after three quarters of a minute; their tests tell.
    const settings = { connection: "direct" } as const;
    directOnly = fork(
      cast.person("gina", atHome, server, settings),
      cast.person("hugo", atWork, server, settings),
    );
    withoutRelay = fork(cast.person("ivan", atHome, noRelay), cast.person("jane", atWork, noRelay));
    for (const slow of [directOnly, withoutRelay]) slow.catch(() => undefined);

    const kept = (name: string) => ({ folder: join(root, name) });
    const [anna, bobby, carmen, dora, erin, fred, gus, hana, nora, omar] = await Promise.all([
      cast.person("anna", atHome, server),
      cast.person("bobby", besides, server),
      cast.person("carmen", atWork, server),
      cast.person("dora", open, server),
      cast.person("erin", shut[0], server),
      cast.person("fred", shut[1], server),
      cast.person("gus", shut[2], server, kept("gus")),
      cast.person("hana", shut[3], server, kept("hana")),
      cast.person("nora", atHome, server, kept("nora")),
      cast.person("omar", atWork, server, kept("omar")),
    ]);
    people = { anna, bobby, carmen, dora, erin, fred, gus, hana, nora, omar };
  });

  after(async () => {
    await cast.dismiss();
    await topology.remove();
    if (root !== "") rmSync(root, { recursive: true, force: true });
  });

  scenario("are direct when the one behind NAT forks the one who can be reached", async () => {
    const session = await Session.open(people.anna, people.dora);
    await session.untilLinked("direct");
    await session.talkAndRead();
    await session.leave();
  });

  scenario("are direct when the one behind NAT is forked: it dials back", async () => {
    const session = await Session.open(people.dora, people.anna);
    await session.untilLinked("direct");
    await session.talkAndRead();
    await session.leave();
  });

  scenario("are direct, at the private addresses, when both are behind the same NAT", async () => {
    const session = await Session.open(people.anna, people.bobby);
    await session.untilLinked("direct");
    await session.talkAndRead();
    await session.leave();
  });

  scenario("are relayed when both are behind NATs, while the direct dials are still in the air", async () => {
    const session = await Session.open(people.anna, people.carmen);
    assert.equal(await session.path(), "relayed");
    assert.deepEqual(await session.addressesOf(people.carmen), ["192.168.2.21", OFFICE]);
    assert.deepEqual(await session.failures(), []);
    await session.talkAndRead();
    await session.leave();
  });

  scenario("begin at the relay and move to the direct way as soon as there is one", async () => {
    const session = await Session.open(people.erin, people.fred);
    assert.equal(await session.path(), "relayed");
    await session.talkAndRead();
    await Promise.all([people.erin.place.open(), people.fred.place.open()]);
    while ((await session.path()) !== "direct") await session.talkAndRead();
    await session.talkAndRead();
    await session.leave();
  });

  scenario("carry a file over the relay, and then over the direct way as soon as there is one", async () => {
    const session = await Session.open(people.gus, people.hana);
    assert.equal(await session.path(), "relayed");
    const bytes = noise(24 * BLOCK_BYTES);
    writeFileSync(join(root, "a.bin"), bytes);
    mkdirSync(join(root, "chosen"));
    await people.gus.window.offer("hana", join(root, "a.bin"));
    await people.hana.window.until("the offer", ({ files }) => files[0]?.phase === "offered");
    await people.hana.window.accept("gus", join(root, "chosen"));
    await people.hana.window.until("a block over the relay", ({ files }) => (files[0]?.bytes ?? 0) > 0);
    assert.equal(await session.path(), "relayed");
    await session.talkAndRead();
    await Promise.all([people.gus.place.open(), people.hana.place.open()]);
    await session.untilLinked("direct");
    await people.hana.window.until("the file", ({ files }) => files[0]?.phase === "done");
    assert.ok(readFileSync(join(root, "chosen", "a.bin")).equals(bytes));
    await session.talkAndRead();
    await session.leave();
  });

  scenario("carry a file between two NATs, where there is no direct way", async () => {
    const session = await Session.open(people.nora, people.omar);
    const bytes = noise(2 * BLOCK_BYTES + 5, 2);
    writeFileSync(join(root, "b.bin"), bytes);
    await people.nora.window.offer("omar", join(root, "b.bin"));
    await people.omar.window.until("the offer", ({ files }) => files[0]?.phase === "offered");
    await people.omar.window.accept("nora", root);
    await people.omar.window.until("the file", ({ files }) => files[0]?.phase === "done");
    assert.equal(await session.path(), "relayed");
    assert.ok(readFileSync(join(root, "b (2).bin")).equals(bytes));
    await session.leave();
  });

  scenario("that may only be direct fail with what each address did, when no way leads there", async () => {
    assertNobodyAnswered(await directOnly, "hugo");
  });

  scenario("at a server without a relay fail with the same", async () => {
    assertNobodyAnswered(await withoutRelay, "jane");
  });
});

async function fork(caller: Promise<Person>, callee: Promise<Person>): Promise<Outcome> {
  const [{ window }, { name }] = await Promise.all([caller, callee]);
  await window.until(name, ({ users }) => users.includes(name));
  return window.run(`\\fork ${name}`);
}

function assertNobodyAnswered({ ok, code, text = "" }: Outcome, callee: string): void {
  assert.deepEqual({ ok, code }, { ok: false, code: "fork-failed" });
  assert.equal(
    text.replaceAll(/:\d+ /gu, ":PORT "),
    `Couldn't open a private session with ${callee}: ${OFFICE}:PORT isn't responding.`,
  );
}
