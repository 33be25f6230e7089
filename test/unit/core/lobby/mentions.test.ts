// Who a message names.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import { after, online, said } from "../../../support/core.ts";

function mentions(state: State): boolean[] {
  const { transcript } = state.sessions[0];
  return slice(transcript, transcript.start, transcript.end).entries.flatMap((entry) =>
    entry.kind === "message" ? [entry.mentions === true] : [],
  );
}

describe("a mention", () => {
  it("is recognized, and only when it names the user", () => {
    const texts = ["@Anna, look", "@annabel and mail@anna", "is it @anna...", `@anna${"a".repeat(90)}`];
    const state = after(online, ...texts.map((text, i) => said(i + 1, "bobby", text)));
    assert.deepEqual(mentions(state), [true, false, true, false]);
  });

  it("is looked for in a text that was made to be slow within the time of a test", () => {
    const dots = `@${".".repeat(limits.textBytes - 2)}x`;
    const slow = Array.from({ length: 60 }, (_, i) => said(i + 1, "bobby", dots));
    assert.equal(mentions(after(online, ...slow)).includes(true), false);
  });
});
