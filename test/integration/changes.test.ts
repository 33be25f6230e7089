// Changes between two windows' hosts, with real disks, over a real server and real links: nothing goes before it is wanted, and
// nothing is used that is not what the message says.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { buildChanges, type FileSide } from "../../extension/core/changes/buildChanges.ts";
import { planOf } from "../../extension/core/changes/plan.ts";
import { baseTag } from "../../extension/host/code/codeHashes.ts";
import { FileId } from "../../protocol/bulk.ts";
import type { BaseTexts, ChangeSet } from "../../protocol/changes.ts";
import type { ChangesPart } from "../../protocol/changesPart.ts";
import { Token } from "../../protocol/fields.ts";
import { fileId, hashOf } from "../support/fileIds.ts";
import { ChangesSide as Side } from "../support/changesSide.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { eventually } from "../vscode/driver/eventually.ts";

const SALT = v.parse(Token, "A".repeat(22));
const BASE = Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join("");
const text = (path: string, of: string): FileSide => ({
  ...{ path, mode: "100644", text: of, encoding: "utf8", bom: false },
});

function changes(): ChangeSet {
  const built = buildChanges(SALT, [
    {
      was: text("a.ts", BASE),
      is: text("a.ts", BASE.replace("line 3\n", "theirs\n")),
      base: baseTag(SALT, BASE),
    },
    { was: null, is: text("new.ts", "new\n") },
  ]);
  assert.ok(built.ok);
  return built.value;
}

describe("changes between windows", function () {
  this.timeout(60_000);
  let root: string;
  let server: ServerProcess;
  let anna: Side;
  let bobby: Side;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-changes-"));
    server = await ServerProcess.start();
    anna = new Side(join(root, "anna"));
    bobby = new Side(join(root, "bobby"));
    await anna.client.join("anna", server.url);
    await bobby.client.join("bobby", server.url);
    await anna.client.until("both", (state) => state.users.length === 2);
    await anna.client.run("\\fork bobby");
    await bobby.client.until("the session", () => bobby.client.peer("anna") !== undefined);
  });
  afterEach(async () => {
    await Promise.all([anna.client.close(), bobby.client.close()]);
    await server.stop();
    rmSync(root, { recursive: true, force: true });
    assert.deepEqual([...anna.errors, ...bobby.errors], []);
  });

  /** Puts changes into anna's composer. @param lie what the message says that is not so */
  const attach = (set = changes(), lie: Partial<ChangesPart> = {}, n = 1): Promise<void> =>
    anna.attach("bobby", { set, bases: new Map([["a.ts", BASE]]), lie, n });
  async function send(): Promise<void> {
    await anna.send("bobby", "Please look.");
    await bobby.client.untilShown("anna", "Changes: ");
  }
  const files = (side: Side): string[] => {
    const folder = join(root, side === anna ? "anna" : "bobby", "parts");
    return existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"))
      : [];
  };

  it("come when they are wanted, not before, and only once", async () => {
    await attach();
    await send();
    assert.deepEqual([files(bobby), bobby.fetched, bobby.client.state.transfers], [[], [], []]);
    assert.deepEqual(await bobby.bodies.changes(bobby.sent("anna")), { ok: true, value: changes() });
    assert.deepEqual(await bobby.bodies.changes(bobby.sent("anna")), { ok: true, value: changes() });
    assert.equal(bobby.fetched.length, 1);
    assert.deepEqual(await anna.bodies.changes(anna.sent("bobby")), { ok: true, value: changes() });
    await anna.client.until("the end", ({ transfers }) => transfers.at(-1)?.phase.phase === "sent");
  });

  it("come once where they are asked for twice at the same time", async () => {
    await attach();
    await send();
    const both = await Promise.all([0, 1].map(() => bobby.bodies.changes(bobby.sent("anna"))));
    assert.deepEqual(
      both.map(({ ok }) => ok),
      [true, true],
    );
    assert.equal(bobby.fetched.length, 1);
  });

  it("are applied with files before the change that the sender has sent, where they are not here", async () => {
    await attach();
    await send();
    const sent = bobby.sent("anna");
    const set = await bobby.bodies.changes(sent);
    assert.ok(set.ok);
    const mine = BASE.replace("line 2\n", "mine\n").replace("line 10\n", "mine, too\n");
    const own = { files: new Map([["a.ts", text("a.ts", mine)]]), onWindows: false };
    const without = planOf(set.value, { ...own, bases: new Map() });
    assert.deepEqual(without[0]?.outcome, { kind: "missingBase", path: "a.ts" });
    const bases = await bobby.bodies.bases(sent, set.value);
    assert.deepEqual([...bases], [["a.ts", BASE]]);
    const [withBase] = planOf(set.value, { ...own, bases });
    assert.equal(withBase?.outcome.kind, "conflict");
    assert.equal(bobby.fetched.length, 2);
  });

  it("that are not what the message says are not used", async () => {
    await attach(changes(), { added: 1 });
    await send();
    assert.deepEqual(await bobby.bodies.changes(bobby.sent("anna")), { ok: false, error: "damaged" });
  });

  it("that were used are not replaced: neither by another message, nor when they come again", async () => {
    await attach();
    await send();
    const first = bobby.sent("anna");
    assert.ok((await bobby.bodies.changes(first)).ok);
    const other = { ...first, part: { ...first.part, size: first.part.size + 1 } };
    assert.deepEqual(await bobby.bodies.changes(other), { ok: false, error: "damaged" });
    assert.ok((await bobby.bodies.changes(first)).ok);
    assert.equal(bobby.fetched.length, 1);
    const path = bobby.parts.path({ pin: first.pin, way: "in", id: first.part.id });
    writeFileSync(path, JSON.stringify(changes()).replace("theirs", "others"));
    assert.deepEqual(await bobby.bodies.changes(first), { ok: false, error: "damaged" });
  });

  it("that are others than those of the message are not used", async () => {
    await attach();
    await send();
    const { pin } = anna.session("bobby");
    const others = JSON.stringify(changes()).replace("theirs", "others");
    writeFileSync(anna.parts.path({ pin, way: "out", id: fileId(1) }), others);
    assert.deepEqual(await bobby.bodies.changes(bobby.sent("anna")), { ok: false, error: "damaged" });
  });

  it("are checked before they are used", async () => {
    const { pin } = anna.session("bobby");
    // All of it is a change set, if it were not for what else is in it.
    const nested = "[".repeat(9) + "]".repeat(9);
    const deep = JSON.stringify(changes()).replace(/}$/, `,"x":${nested}}`);
    for (const [n, body] of ['{"salt":"x"}', "no JSON", '{"salt":"\\ud800","files":[]}', deep].entries()) {
      await attach(changes(), {}, 10 * n + 1);
      const id = fileId(10 * n + 1);
      const bytes = Buffer.from(body);
      writeFileSync(anna.parts.path({ pin, way: "out", id }), bytes);
      const { number, attached } = anna.session("bobby");
      assert.ok(attached !== null && !("code" in attached));
      const part = { ...attached.part, size: bytes.length, sha256: hashOf(bytes) };
      anna.client.store.dispatch({ type: "user/attach", session: number, attachment: { part } });
      const before = bobby.client.entries("anna").length;
      await send();
      await bobby.client.until("the message", () => bobby.client.entries("anna").length > before);
      assert.deepEqual(await bobby.bodies.changes(bobby.sent("anna")), { ok: false, error: "damaged" }, body);
    }
  });

  it("with files before the change that are not those are used without them", async () => {
    await attach();
    const { pin } = anna.session("bobby");
    const lie: BaseTexts = { files: [{ path: "a.ts", text: BASE.replace("line 0", "line X") }] };
    const bases = await anna.bodies.keep(pin, fileId(2), lie);
    const { number, attached } = anna.session("bobby");
    assert.ok(attached !== null && !("code" in attached));
    const part = { ...attached.part, bases };
    anna.client.store.dispatch({ type: "user/attach", session: number, attachment: { part } });
    await send();
    const sent = bobby.sent("anna");
    assert.deepEqual([...(await bobby.bodies.bases(sent, changes()))], []);
  });

  it("of another session, and those that were only chosen, are not there for a peer", async () => {
    await attach();
    const { sid } = anna.session("bobby");
    assert.equal(anna.bodies.find(sid, fileId(3)), null);
    await send();
    assert.notEqual(anna.bodies.find(sid, fileId(1)), null);
    assert.notEqual(anna.bodies.find(sid, fileId(2)), null);
    assert.equal(anna.bodies.find("another-session" as typeof sid, fileId(1)), null);
    const other = {
      ...bobby.sent("anna"),
      part: { ...bobby.sent("anna").part, id: v.parse(FileId, fileId(7)) },
    };
    assert.deepEqual(await bobby.bodies.changes(other), { ok: false, error: "gone" });
  });

  it("are gone on both sides with their message", async () => {
    await attach();
    await send();
    await bobby.bodies.changes(bobby.sent("anna"));
    const sent = bobby.sent("anna");
    assert.deepEqual([files(anna).length, files(bobby).length], [2, 1]);
    const session = anna.session("bobby");
    const index = session.transcript.end - 1;
    anna.client.store.dispatch({ type: "user/retract", session: session.number, index });
    for (const side of [anna, bobby])
      await eventually("no changes", () => Promise.resolve(files(side).length === 0));
    assert.deepEqual(await bobby.bodies.changes(sent), { ok: false, error: "gone" });
  });

  it("that are on their way end with their message, and leave nothing behind", async () => {
    await attach();
    await send();
    bobby.onAccepted = (sid, id) => bobby.client.transfers?.pause(sid, id, false);
    const fetched = bobby.bodies.changes(bobby.sent("anna"));
    await bobby.client.until("the pause", ({ transfers }) =>
      transfers.some(({ phase }) => phase.phase === "paused"),
    );
    await anna.client.until("the receipt", () => anna.session("bobby").pending.length === 0);
    const session = anna.session("bobby");
    const index = session.transcript.end - 1;
    anna.client.store.dispatch({ type: "user/retract", session: session.number, index });
    assert.deepEqual(await fetched, { ok: false, error: "gone" });
    const transfers = join(root, "bobby", "transfers");
    await eventually("no bytes", () =>
      Promise.resolve(readdirSync(transfers).every((name) => !name.endsWith(".part"))),
    );
    assert.deepEqual(files(bobby), []);
  });

  it("are gone when they are taken out of the composer, and stay where they are sent", async () => {
    await attach();
    anna.client.store.dispatch({
      ...{ type: "user/attach", session: anna.session("bobby").number, attachment: null },
    });
    await eventually("no changes", () => Promise.resolve(files(anna).length === 0));
    await attach();
    await send();
    await anna.client.until("the receipt", () => anna.session("bobby").pending.length === 0);
    assert.ok((await bobby.bodies.changes(bobby.sent("anna"))).ok);
    assert.equal(files(anna).length, 2);
  });

  it("are gone with a session that is not kept", async () => {
    anna.keepsHistory = false;
    await attach();
    await send();
    await bobby.bodies.changes(bobby.sent("anna"));
    await anna.client.run("\\switch bobby");
    await anna.client.run("\\leave");
    await eventually("no changes", () => Promise.resolve(files(anna).length === 0));
    assert.equal(files(bobby).length, 1);
  });
});
