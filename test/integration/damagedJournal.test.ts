// A private session after its window's file was damaged: it goes on, with everything that could be read.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess } from "../support/windowProcess.ts";

describe("a window whose file was damaged", () => {
  let server: ServerProcess;
  let folder: string;
  let anna: WindowProcess;
  let bobby: WindowProcess;

  const start = (name: string): Promise<WindowProcess> => WindowProcess.start({ folder: join(folder, name) });

  beforeEach(async () => {
    server = await ServerProcess.start();
    folder = mkdtempSync(join(tmpdir(), "fork-chat-damaged-"));
    [anna, bobby] = [await start("anna"), await start("bobby")];
    assert.equal((await anna.join("anna", server.url)).ok, true);
    assert.equal((await bobby.join("bobby", server.url)).ok, true);
    await anna.until("bobby", ({ users }) => users.length === 2);
    assert.equal((await anna.type("\\fork bobby")).ok, true);
    await bobby.until("a session", ({ sessions }) => sessions.length === 1);
    await bobby.run("\\switch anna");
    await anna.kill();
    await bobby.until("anna is away", ({ sessions }) => sessions[0]?.link === "waiting");
    for (const text of ["one", "two", "three"]) assert.equal((await bobby.type(text)).ok, true);
    await bobby.kill();
  });
  afterEach(async () => {
    await Promise.all([anna.kill(), bobby.kill()]);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function damageBytes(change: (bytes: Buffer) => Buffer | string): void {
    const windows = join(folder, "bobby", "windows");
    const [file = ""] = readdirSync(windows).filter((name) => name.endsWith(".journal"));
    writeFileSync(join(windows, file), change(readFileSync(join(windows, file))));
  }

  function damage(change: (line: string) => string): void {
    damageBytes((bytes) => bytes.toString("utf8").split("\n").map(change).join("\n"));
  }

  async function comeBack(): Promise<void> {
    [anna, bobby] = [await start("anna"), await start("bobby")];
  }

  it("by a byte in a waiting message sends all of them", async () => {
    let count = 0;
    damage((line) => (line.includes('"two"') && count++ === 0 ? line.replace('"two"', '"twp"') : line));
    await comeBack();
    await anna.until("all of them", ({ sessions }) => sessions[0]?.heard === 3);
    assert.deepEqual(await anna.messages("bobby"), ["bobby: one", "bobby: two", "bobby: three"]);
    const { sessions } = await bobby.until(
      "the confirmation",
      ({ sessions }) => sessions[0]?.pending.length === 0,
    );
    assert.equal(sessions[0]?.link, "open");
  });

  it("by a lost first block continues, and sends the waiting messages", async () => {
    [anna, bobby] = [await start("anna"), await start("bobby")];
    await anna.until("what waited", ({ sessions }) => sessions[0]?.heard === 3);
    for (let i = 0; i < 20; i++) assert.equal((await anna.type(`talk ${i}`)).ok, true);
    await bobby.until("the talk", ({ sessions }) => sessions[0]?.heard === 20);
    await anna.kill();
    await bobby.until("anna is away", ({ sessions }) => sessions[0]?.link === "waiting");
    for (const text of ["four", "five"]) assert.equal((await bobby.type(text)).ok, true);
    await bobby.kill();
    damageBytes((bytes) => bytes.fill(0, 0, 4096));
    await comeBack();
    await anna.until("what waits", ({ sessions }) => sessions[0]?.heard === 5);
    assert.deepEqual((await anna.messages("bobby")).slice(-2), ["bobby: four", "bobby: five"]);
    assert.equal((await bobby.messages("anna")).filter((line) => line.includes("talk 19")).length, 1);
  });

  it("beyond repair says that messages are lost, keeps the others for their author to judge, and continues", async () => {
    damage((line) => (line.includes('"two"') ? line.replace(/./gu, "\0") : line));
    await comeBack();
    const { sessions } = await bobby.until("the link", ({ sessions }) => sessions[0]?.link === "open");
    assert.deepEqual(
      sessions[0]?.pending.map(({ text, status }) => `${status} ${text}`),
      ["failed one", "failed three"],
    );
    assert.match((await bobby.lines("anna")).join("\n"), /lost because a file was damaged/u);
    await anna.until("the link", ({ sessions }) => sessions[0]?.link === "open");
    assert.equal((await bobby.type("four")).ok, true);
    await anna.until("more", ({ sessions }) => sessions[0]?.heard === 1);
    await anna.type("five");
    await bobby.until("an answer", ({ sessions }) => sessions[0]?.heard === 1);
    const copies = readdirSync(join(folder, "bobby", "windows")).filter((name) => name.endsWith(".damaged"));
    assert.equal(copies.length, 1);
  });
});
