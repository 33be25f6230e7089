// Times as the reader's clock shows them.
import assert from "node:assert/strict";
import { dayText, momentText, timeText } from "../../../../webview/base/timeText.ts";

describe("times in the page", () => {
  const zone = process.env["TZ"];
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  it("follow a reader who moves to another time zone", () => {
    const evening = Date.UTC(2026, 5, 30, 22);
    process.env["TZ"] = "UTC";
    assert.deepEqual([timeText(evening), dayText(evening)], ["10:00 PM", "Tuesday, June 30, 2026"]);
    process.env["TZ"] = "Asia/Tokyo";
    assert.deepEqual([timeText(evening), dayText(evening)], ["07:00 AM", "Wednesday, July 1, 2026"]);
    assert.match(momentText(evening), /^Jul 1, 2026, 7:00/);
  });
});
