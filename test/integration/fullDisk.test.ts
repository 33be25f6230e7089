// Windows whose disk takes nothing for a while: they say so, confirm nothing that they would forget, and lose nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";
import { SmallDisk } from "../support/smallDisk.ts";
import { WindowProcess } from "../support/windowProcess.ts";

const COUNT = 10;
const texts = (name: string): string[] => Array.from({ length: COUNT }, (_, n) => `${name} says ${n + 1}`);
const isComplaint = (line: string): boolean => line.startsWith("Messages can't be saved here");

describe("a window whose disk is full", () => {
  let server: ServerProcess;
  let disk: SmallDisk;
  let other: string;
  let anna: WindowProcess;
  let bobby: WindowProcess;
  /** Where bobby's window keeps its journal. */
  let windows: string;

  const startBobby = async (): Promise<void> => {
    bobby = await WindowProcess.start({ folder: disk.path });
  };
  const heardByBobby = async (): Promise<string[]> =>
    (await bobby.messages("anna")).filter((line) => line.startsWith("anna: "));

  beforeEach(async () => {
    server = await ServerProcess.start();
    disk = new SmallDisk();
    windows = join(disk.path, "windows");
    other = mkdtempSync(join(tmpdir(), "fork-chat-other-"));
    anna = await WindowProcess.start({ folder: other });
    await startBobby();
    for (const [window, name] of [
      [anna, "anna"],
      [bobby, "bobby"],
    ] as const) {
      assert.equal((await window.join(name, server.url)).ok, true);
    }
    await anna.until("bobby", ({ users }) => users.length === 2);
    assert.equal((await anna.type("\\fork bobby")).ok, true);
    await bobby.until("a session", ({ sessions }) => sessions.length === 1);
    await bobby.run("\\switch anna");
  });
  afterEach(async () => {
    await Promise.all([anna.kill(), bobby.kill()]);
    await server.stop();
    disk.remove();
    rmSync(other, { recursive: true, force: true });
  });

  it("says once that it cannot save history when its folder is not writable", async () => {
    const history = join(disk.path, "history");
    rmSync(history, { recursive: true, force: true });
    writeFileSync(history, "");
    for (const text of texts("bobby")) assert.equal((await bobby.type(text)).ok, true);
    await anna.until("all of it", ({ sessions }) => sessions[0]?.heard === COUNT);
    for (const text of texts("anna")) assert.equal((await anna.type(text)).ok, true);
    await bobby.until("all of it", ({ sessions }) => sessions[0]?.heard === COUNT);
    const complaints = [...(await bobby.lines("lobby")), ...(await bobby.lines("anna"))].filter((line) =>
      line.includes("can't be saved here"),
    );
    assert.deepEqual(complaints, [
      "Chat history can't be saved here. Messages will be gone when you leave or quit.",
    ]);
  });

  /** Anna has said something, and bobby shows it. */
  const tellBobby = async (): Promise<void> => {
    disk.fill(windows);
    for (const text of texts("anna")) assert.equal((await anna.type(text)).ok, true);
    await bobby.until("all of it", ({ sessions }) => sessions[0]?.heard === COUNT);
  };

  it("acknowledges nothing that it could not save, says why once, and acknowledges it when there is room again", async () => {
    await tellBobby();
    const lines = await bobby.lines("anna");
    assert.equal(lines.filter(isComplaint).length, 1, lines.join("\n"));
    disk.free(windows);
    await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
    assert.ok((await bobby.lines("anna")).includes("Messages are saved on this machine again."));
    await bobby.kill();
    await startBobby();
    assert.deepEqual(
      await heardByBobby(),
      texts("anna").map((text) => `anna: ${text}`),
    );
  });

  it("sends nothing that it could not save until there is room again", async () => {
    disk.fill(windows);
    for (const text of texts("bobby")) assert.equal((await bobby.type(text)).ok, true);
    await bobby.kill();
    await anna.until("bobby is away", ({ sessions }) => sessions[0]?.link === "waiting");
    const heard = await anna.messages("bobby");
    disk.free(windows);
    await startBobby();
    // The sender still has every message that arrived. What was only partly saved was not sent.
    const { sessions } = await bobby.state();
    const known = [
      ...(await bobby.messages("anna")),
      ...(sessions[0]?.pending ?? []).map(({ text }) => `bobby: ${text}`),
    ];
    assert.deepEqual(heard, known.slice(0, heard.length));
    await bobby.type("again");
    await anna.until("more", ({ sessions }) => sessions[0]?.heard === known.length + 1);
    assert.deepEqual(await anna.messages("bobby"), [...known, "bobby: again"]);
  });

  it("that dies with unsaved messages receives all of them again, in the same session", async () => {
    await tellBobby();
    await bobby.kill();
    await anna.until("bobby is away", ({ sessions }) => sessions[0]?.link === "waiting");
    const unconfirmed = (await anna.state()).sessions[0]?.pending.length ?? 0;
    assert.ok(unconfirmed > 0, "something could not be saved");
    disk.free(windows);
    await startBobby();
    await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
    assert.deepEqual(
      await heardByBobby(),
      texts("anna").map((text) => `anna: ${text}`),
    );
    assert.equal((await anna.type("still here?")).ok, true);
    await bobby.until("the session goes on", ({ sessions }) => sessions[0]?.heard === COUNT + 1);
  });

  it("restores what was saved while nothing can be saved, and continues in the same session", async () => {
    await anna.type("saved in time");
    await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
    disk.fill(windows);
    await bobby.kill();
    await startBobby();
    assert.deepEqual(await heardByBobby(), ["anna: saved in time"]);
    await anna.type("not saved");
    await bobby.until("it", ({ sessions }) => sessions[0]?.heard === 2);
    assert.equal((await bobby.type("held back")).ok, true);
    disk.free(windows);
    await anna.until("an answer", ({ sessions }) => sessions[0]?.heard === 1);
    await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
    assert.deepEqual((await anna.messages("bobby")).sort(), [
      "anna: not saved",
      "anna: saved in time",
      "bobby: held back",
    ]);
  });

  it("saves what waits for an absent peer as soon as there is room again", async () => {
    await anna.kill();
    await bobby.until("anna is away", ({ sessions }) => sessions[0]?.link === "waiting");
    disk.fill(windows);
    for (const text of texts("bobby")) assert.equal((await bobby.type(text)).ok, true);
    assert.equal((await bobby.lines("anna")).filter(isComplaint).length, 1);
    disk.free(windows);
    await bobby.untilLine("anna", "Messages are saved on this machine again.");
    await bobby.kill();
    await startBobby();
    const { sessions } = await bobby.state();
    assert.deepEqual(
      sessions[0]?.pending.map(({ text }) => text),
      texts("bobby"),
    );
  });

  describe("on a read-only disk (skipped where mounts cannot be changed)", () => {
    const isReadOnly = (line: string): boolean =>
      line.startsWith("Messages can't be saved here (read-only disk)");

    beforeEach(async function () {
      await anna.type("saved in time");
      await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
      await bobby.kill();
      await anna.until("bobby is away", ({ sessions }) => sessions[0]?.link === "waiting");
      if (!disk.makeReadOnly()) this.skip();
      await startBobby();
    });

    it("restarts, uses the lobby, and acknowledges and sends private messages once they can be saved", async () => {
      assert.deepEqual(await heardByBobby(), ["anna: saved in time"]);
      await anna.type("not saved");
      await bobby.until("it", ({ sessions }) => sessions[0]?.heard === 2);
      assert.equal((await bobby.type("held back")).ok, true);
      await bobby.run("\\lobby");
      assert.equal((await bobby.type("to everybody")).ok, true);
      await anna.untilLine("lobby", "bobby: to everybody");
      const { sessions } = await anna.state();
      assert.deepEqual([sessions[0]?.pending.length, sessions[0]?.heard], [1, 0]);
      const lines = [...(await bobby.lines("lobby")), ...(await bobby.lines("anna"))];
      assert.equal(lines.filter(isReadOnly).length, 1, lines.join("\n"));
      disk.makeWritable();
      await anna.until("an answer", ({ sessions }) => sessions[0]?.heard === 1);
      await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
      await bobby.kill();
      await startBobby();
      // Of what anna has confirmed, the news may have come too late.
      await bobby.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
      assert.deepEqual((await bobby.messages("anna")).sort(), [
        "anna: not saved",
        "anna: saved in time",
        "bobby: held back",
      ]);
    });

    it("saves what waits for an absent peer as soon as it can be saved", async () => {
      await anna.kill();
      await bobby.until("anna is away", ({ sessions }) => sessions[0]?.link === "waiting");
      for (const text of texts("bobby")) assert.equal((await bobby.type(text)).ok, true);
      disk.makeWritable();
      await bobby.untilLine("anna", "Messages are saved on this machine again.");
      await bobby.kill();
      await startBobby();
      const { sessions } = await bobby.state();
      assert.deepEqual(
        sessions[0]?.pending.map(({ text }) => text),
        texts("bobby"),
      );
    });

    it("that dies without saving resumes where it was, and receives again what it could not acknowledge", async () => {
      await anna.type("not saved");
      await bobby.until("it", ({ sessions }) => sessions[0]?.heard === 2);
      await bobby.type("never sent");
      await bobby.kill();
      await anna.until("bobby is away", ({ sessions }) => sessions[0]?.link === "waiting");
      await startBobby();
      await bobby.until("it again", ({ sessions }) => sessions[0]?.heard === 2);
      assert.deepEqual(await heardByBobby(), ["anna: saved in time", "anna: not saved"]);
      assert.deepEqual(await anna.messages("bobby"), ["anna: saved in time"]);
      disk.makeWritable();
      await anna.until("the confirmation", ({ sessions }) => sessions[0]?.pending.length === 0);
    });
  });
});
