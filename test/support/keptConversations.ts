// A folder of saved conversations for each test of a suite, with windows that save theirs in it; and what happens in
// them.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import { restoreWindow, saveWindow } from "../../extension/core/saved/savedWindow.ts";
import type { State } from "../../extension/core/model/state.ts";
import type { HistorySettings } from "../../extension/host/storage/historyBound.ts";
import { introduce, join, joined, linked, listening, open, said, tell, type, type Step } from "./core.ts";
import { KeptWindow } from "./keptWindow.ts";

export const enter = (missed = 0, seq = 0, connection = 1): CoreEvent[] => [
  join("anna"),
  open(connection),
  listening,
  tell(joined("anna", { seq, missed }), connection),
];
export const fork = (id = "w.1"): Step[] => [type("\\fork bobby"), introduce(id, "bobby"), linked("bobby")];
const command = (name: "quit" | "leave"): CoreEvent => ({
  type: "user/command",
  request: 9,
  command: { name, argument: "" },
});
export const quit = command("quit");
export const leave = command("leave");
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
export const chatter = (from: number, to: number): CoreEvent[] =>
  numbers(from, to).map((seq) => said(seq, "bobby", `m${seq}`));
export const heard = (from: number, to: number): string[] => numbers(from, to).map((seq) => `bobby: m${seq}`);

/** The state as the window's journal restores it. */
export function reloaded(state: State): State {
  const saved = saveWindow(state);
  assert.ok(saved !== null);
  return restoreWindow(saved, "x");
}

/** Create it in a suite. At the end of each test its windows are closed, and must not have logged a warning. */
export class KeptConversations {
  readonly windows: KeptWindow[] = [];
  #parent = "";

  constructor() {
    beforeEach(() => {
      this.#parent = mkdtempSync(pathOf(tmpdir(), "fork-chat-history-"));
    });
    afterEach(() => {
      for (const made of this.windows.splice(0)) {
        made.close();
        assert.deepEqual(made.warnings, []);
      }
      rmSync(this.#parent, { recursive: true, force: true });
    });
  }

  get folder(): string {
    return pathOf(this.#parent, "history");
  }

  readonly window = (settings: Partial<HistorySettings> = {}, journal?: string): KeptWindow => {
    const made = new KeptWindow(this.folder, settings, journal);
    this.windows.push(made);
    return made;
  };

  /** The folder of the windows' journals. */
  get journals(): string {
    return pathOf(this.#parent, "windows");
  }

  /** The files, journals included, that contain a text. */
  readonly filesWith = (text: string): string[] =>
    readdirSync(this.#parent, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .filter(({ parentPath, name }) => readFileSync(pathOf(parentPath, name), "utf8").includes(text))
      .map(({ name }) => name);

  readonly files = (): string[] => readdirSync(this.folder).map((name) => pathOf(this.folder, name));

  readonly onlyFile = (): string => {
    const [file, ...others] = this.files();
    assert.ok(file !== undefined && others.length === 0, `${this.files().length} files`);
    return file;
  };
}
