// What the user is asked before changes are applied: about files that can run code, late changes and Restricted Mode.
import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { BASE, edit, OpenProject, THEIRS } from "./openProject.ts";

describe("Changes that someone has sent", () => {
  const project = new OpenProject();
  const { write, open, apply, shown } = project;

  describe("that come long after Apply was pressed", () => {
    const asked: string[] = [];
    const answering = (answer: string | undefined): void => {
      asked.length = 0;
      const say = project.onInfo;
      project.onInfo = (said, actions) => {
        if (actions.length === 0) return say(said, actions);
        asked.push(`${said} ${actions.join()}`);
        return answer;
      };
    };
    const question = "The changes from anna have arrived. Apply them now? Apply";

    it("are applied only if the user still wants that, who is asked once", async () => {
      await write("a.ts", BASE);
      project.waited = 30_001;
      answering(undefined);
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
      assert.equal((await open("a.ts")).getText(), BASE);
      answering("Apply");
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
      assert.equal((await open("a.ts")).getText(), THEIRS);
    });

    it("ask as well where only the earlier versions of files have come late", async () => {
      await write("a.ts", BASE.replace("line 9\n", "my line\n"));
      project.onBases = () => {
        project.waited = 30_001;
        return new Map([["a.ts", BASE]]);
      };
      answering(undefined);
      project.onDialog = () => undefined;
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
    });

    it("are applied at once within half a minute", async () => {
      await write("a.ts", BASE);
      project.waited = 30_000;
      answering(undefined);
      await apply(edit("a.ts"));
      assert.deepEqual(asked, []);
      assert.equal((await open("a.ts")).getText(), THEIRS);
    });
  });

  it("can run code: such files are listed, and only chosen ones are changed", async () => {
    const hidden = `notes.md${"\u3000".repeat(60)}x/package.json`;
    for (const path of ["a.ts", "package.json", ".vscode/tasks.json", hidden]) await write(path, BASE);
    let offered: readonly vscode.QuickPickItem[] = [];
    project.onPick = (items) => {
      offered = items;
      return items.slice(0, 1);
    };
    await apply(edit("a.ts"), edit("package.json"), edit(".vscode/tasks.json"), edit(hidden));
    assert.deepEqual(
      offered.map(({ label, picked }) => [label, picked]),
      [
        ["package.json", undefined],
        [".vscode/tasks.json", undefined],
        ["notes.md … x/package.json", undefined],
      ],
    );
    assert.equal((await open("a.ts")).getText(), THEIRS);
    assert.equal((await open("package.json")).getText(), THEIRS);
    assert.equal((await open(".vscode/tasks.json")).getText(), BASE);
  });

  it("ask for the way to trust in Restricted Mode, and write nothing", async () => {
    project.isTrusted = false;
    await write("a.ts", BASE);
    await apply(edit("a.ts"));
    assert.deepEqual(shown, [
      "Changes can be applied only in a trusted workspace. You can review them here.",
    ]);
    assert.equal((await open("a.ts")).getText(), BASE);
  });
});
