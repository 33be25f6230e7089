// A window that is restored from an older copy of its folder, with a peer that cannot dial it: the peer has to notice from the
// hellos that it hears.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionTexts } from "../../extension/core/texts/sessionTexts.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess } from "../support/windowProcess.ts";

/** Nothing listens there. */
const DEAD_PORT = 1;

describe("a window that is restored from an older copy", () => {
  let server: ServerProcess;
  let folder: string;
  let anna: WindowProcess;
  let bobby: WindowProcess;

  afterEach(async () => {
    await Promise.all([anna.kill(), bobby.kill()]);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const relay of [false, true]) {
    it(`and is the only one that can dial ${relay ? "beside a relay" : "without a relay"}: says what it lacks, and continues`, async () => {
      server = await ServerProcess.start(...(relay ? [] : ["--no-relay"]));
      folder = mkdtempSync(join(tmpdir(), "fork-chat-older-copy-"));
      const [now, copy] = [join(folder, "bobby"), join(folder, "copy")];
      const startBobby = (): Promise<WindowProcess> =>
        WindowProcess.start({ folder: now, advertise: DEAD_PORT });
      [anna, bobby] = [await WindowProcess.start({ folder: join(folder, "anna") }), await startBobby()];
      assert.equal((await anna.join("anna", server.url)).ok, true);
      assert.equal((await bobby.join("bobby", server.url)).ok, true);
      await bobby.until("anna", ({ users }) => users.length === 2);
      assert.equal((await bobby.type("\\fork anna")).ok, true);
      await anna.until("a session", ({ sessions }) => sessions.length === 1);
      await anna.run("\\switch bobby");
      const say = async (text: string): Promise<void> => {
        assert.equal((await anna.type(text)).ok, true);
        await anna.until(`${text} is confirmed`, ({ sessions }) => sessions[0]?.pending.length === 0);
      };
      await say("one");
      await bobby.close();
      cpSync(now, copy, { recursive: true });
      bobby = await startBobby();
      await anna.until("bobby is back", ({ sessions }) => sessions[0]?.link === "open");
      for (const text of ["two", "three"]) await say(text);
      await bobby.close();
      rmSync(now, { recursive: true });
      cpSync(copy, now, { recursive: true });
      await anna.until("bobby is away", ({ sessions }) => sessions[0]?.link === "waiting");
      bobby = await startBobby();
      assert.equal((await bobby.state()).sessions[0]?.heard, 1);
      await anna.until("bobby is back", ({ sessions }) => sessions[0]?.link === "open");
      const lines = await anna.lines("bobby");
      assert.equal(lines.at(-1), sessionTexts.wentBack("bobby", 2), lines.join("\n"));
      await say("four");
      assert.deepEqual(await bobby.messages("anna"), ["anna: one", "anna: four"]);
    });
  }
});
