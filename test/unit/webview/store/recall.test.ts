// The composer's memory of lines sent from this window.
import assert from "node:assert/strict";
import { emptyRecall, newer, older, recalled, remember } from "../../../../webview/store/recall.ts";

const three = ["one", "two", "three"].reduce(remember, emptyRecall);

describe("recall", () => {
  it("goes back line by line and stays at the oldest", () => {
    const first = older(three);
    const second = older(first);
    const third = older(second);
    assert.deepEqual([first, second, third, older(third)].map(recalled), ["three", "two", "one", "one"]);
  });

  it("goes forward again, and shows nothing after the newest", () => {
    const back = older(older(three));
    assert.equal(recalled(newer(back)), "three");
    assert.equal(recalled(newer(newer(back))), null);
    assert.equal(recalled(newer(three)), null);
  });

  it("shows nothing when nothing was sent", () => {
    assert.equal(recalled(older(emptyRecall)), null);
  });

  it("remembers a repeated line once, and a new line ends the recall", () => {
    const walking = older(older(three));
    assert.deepEqual(remember(walking, "three"), { lines: ["one", "two", "three"], at: null });
  });

  it("forgets the oldest lines when there are many", () => {
    const many = Array.from({ length: 150 }, (_, at) => `line ${at}`).reduce(remember, emptyRecall);
    assert.equal(many.lines.length, 100);
    assert.equal(many.lines[0], "line 50");
  });
});
