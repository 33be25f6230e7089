// The keybindings take no key from VS Code's own, on any system.
import assert from "node:assert/strict";
import * as v from "valibot";
import { defaultChords } from "../../support/defaultChords.ts";
import { rawManifest } from "../../support/manifest.ts";

const Manifest = v.object({
  contributes: v.object({
    keybindings: v.array(
      v.object({ command: v.string(), key: v.string(), mac: v.optional(v.string()), when: v.string() }),
    ),
  }),
});
const { keybindings } = v.parse(Manifest, rawManifest()).contributes;

/** Whether VS Code has a keybinding that begins with the same key press. */
function isTaken(keys: string, system: "mac" | "other"): boolean {
  const parts = keys.split(" ")[0]?.split("+") ?? [];
  const key = parts.at(-1) ?? "";
  const given = new Set(parts.slice(0, -1));
  const isMac = system === "mac";
  const modifiers = [
    ...(given.has(isMac ? "cmd" : "ctrl") ? ["mod"] : []),
    ...(given.has(isMac ? "ctrl" : "meta") ? ["ctrl"] : []),
    ...["shift", "alt"].filter((each) => given.has(each)),
  ];
  return defaultChords[modifiers.join("+")]?.includes(key) === true;
}

describe("a keybinding", () => {
  it("is known to be taken where VS Code has one", () => {
    for (const keys of [
      ...["ctrl+p", "ctrl+shift+p", "ctrl+k x", "shift+alt+f", "ctrl+/"],
      // Only in the desktop versions.
      ...["ctrl+5", "alt+2", "shift+alt+r"],
    ]) {
      assert.ok(isTaken(keys, "other"), keys);
    }
    for (const keys of ["cmd+p", "shift+alt+f", "cmd+alt+f", "ctrl+3"]) {
      assert.ok(isTaken(keys, "mac"), keys);
    }
  });

  for (const { command, key, mac = key, when } of keybindings) {
    if (/activeWebviewPanelId|focusedView/u.test(when)) continue;
    it(`of ${command} is free on Linux, macOS and Windows, and works only after joining`, () => {
      // The list has no keys with longer names.
      for (const keys of [key, mac]) assert.match(keys, /\+.$/u);
      assert.equal(isTaken(key, "other"), false, key);
      assert.equal(isTaken(mac, "mac"), false, mac);
      assert.match(when, /forkchat\.joined/u);
    });
  }
});
