// A window whose memory is in a real folder, for each test of a suite.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialState } from "../../extension/core/model/state.ts";
import { WindowMemory } from "../../extension/host/storage/windowMemory.ts";
import { Store } from "../../extension/host/store/store.ts";

/** Of the window. */
export const ID = "00112233445566778899aabbccddeeff";
/** Fails when there is a warning. */
export const log = { warn: (text: string) => assert.fail(text) };

/** Create it in a suite. */
export class RememberedWindow {
  folder = "";
  memory!: WindowMemory;

  constructor() {
    beforeEach(() => {
      this.folder = join(mkdtempSync(join(tmpdir(), "fork-chat-memory-")), "windows");
      this.memory = new WindowMemory(this.folder, ID, { log });
    });
    afterEach(() => {
      this.memory.close();
      rmSync(join(this.folder, ".."), { recursive: true, force: true });
    });
  }

  emptyStore(): Store {
    const source = { now: () => 1000, random: () => 0, unique: () => "u".repeat(22) };
    return new Store(
      initialState("w"),
      source,
      () => undefined,
      (before, after) => this.memory.changed(before, after),
    );
  }

  joinedStore(): Store {
    const store = this.emptyStore();
    store.dispatch({ type: "user/join", request: 1, name: "anna", server: "ws://127.0.0.1:1" });
    store.dispatch({ type: "listener/failed", text: "a line to keep", isHopeless: false });
    return store;
  }
}
