// Damaged files of kept conversations: what is whole in them comes back, and a copy stays.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join as pathOf } from "node:path";
import { lineOf } from "../../../../extension/host/storage/checkedLines.ts";
import { said } from "../../../support/core.ts";
import { chatter, enter, heard, KeptConversations, quit } from "../../../support/keptConversations.ts";

describe("saved conversations in damaged files", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, onlyFile, filesWith } = kept;
  const copies = (): string[] => readdirSync(kept.folder).filter((name) => name.endsWith(".damaged"));

  function written(): string {
    window()
      .take(...enter(), ...chatter(1, 40))
      .history.close();
    return onlyFile();
  }

  function damageAt(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }

  it("are intact except for the damaged line, wherever the damage is, and a copy is kept", () => {
    const path = written();
    const whole = readFileSync(path);
    const headerEnd = whole.indexOf("\n");
    for (const at of [0, 9, 10, Math.floor(headerEnd / 2), headerEnd - 1]) {
      writeFileSync(onlyFile(), whole);
      damageAt(onlyFile(), at);
      const bad = readFileSync(onlyFile());
      const next = window();
      assert.deepEqual(next.take(...enter()).messages(), heard(1, 40), `changed at ${at}`);
      assert.equal(next.warnings.length, 1);
      assert.doesNotMatch(next.warnings.splice(0).join(), /m40|bobby/u);
      next.history.close();
      const [copy = "", ...others] = copies();
      assert.deepEqual(others, []);
      assert.deepEqual(readFileSync(pathOf(kept.folder, copy)), bad);
      assert.equal(statSync(pathOf(kept.folder, copy)).mode & 0o777, 0o600);
      const repaired = window();
      repaired.history.clear(null);
      assert.deepEqual(copies(), [], "what is cleared is cleared there as well");
      window()
        .take(...enter(), ...chatter(1, 40))
        .history.close();
    }
  });

  it("are found by a search although their first line is damaged", async () => {
    damageAt(written(), 20);
    const [found] = await window().history.elsewhere(null);
    assert.equal(found?.entries.length, 40);
  });

  it("lose nothing to an editor's byte order mark and line endings", () => {
    const path = written();
    writeFileSync(path, `\uFEFF${readFileSync(path, "utf8").replaceAll("\n", "\r\n")}`);
    assert.deepEqual(
      window()
        .take(...enter())
        .messages(),
      heard(1, 40),
    );
    assert.deepEqual(copies(), []);
  });

  it("that are unreadable do not stop what follows", () => {
    writeFileSync(written(), Buffer.alloc(4096));
    const next = window().take(...enter(), said(41, "bobby", "afterwards"));
    assert.deepEqual(next.messages(), ["bobby: afterwards"]);
    assert.equal(next.warnings.splice(0).length, 1);
    assert.equal(copies().length, 1);
    next.take(quit);
    assert.deepEqual(
      window()
        .take(...enter())
        .messages(),
      ["bobby: afterwards"],
    );
  });

  it("leave a bounded number of copies, the newest", () => {
    for (let round = 0; round < 14; round++) {
      const next = window().take(...enter(), said(round + 1, "bobby", `round ${round}`));
      next.take(quit);
      next.warnings.splice(0);
      damageAt(
        readdirSync(kept.folder)
          .filter((name) => name.endsWith(".history"))
          .map((name) => pathOf(kept.folder, name))[0] ?? "",
        0,
      );
    }
    assert.equal(copies().length, 10);
    assert.ok(filesWith("round 12").some((name) => name.endsWith(".damaged")));
  });

  it("of a later version stay as they are", () => {
    const path = written();
    const [, ...lines] = readFileSync(path, "utf8").split("\n");
    const newer = [lineOf({ history: 2, people: "many" }).trimEnd(), ...lines].join("\n");
    writeFileSync(path, newer);
    const next = window().take(...enter(), said(41, "bobby", "afterwards"));
    assert.deepEqual(next.messages(), ["bobby: afterwards"]);
    next.take(quit);
    assert.equal(readFileSync(path, "utf8"), newer);
    const later = window();
    later.history.clear(null);
    assert.deepEqual(filesWith("m40"), [], "but its user can clear it");
  });
});
