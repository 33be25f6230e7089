// What a link in a message may lead to, and what is shown beside its text.
import assert from "node:assert/strict";
import { addressNote, linkAddress } from "../../../../webview/markdown/addresses.ts";

describe("a link's target", () => {
  it("is a complete http, https or mailto address", () => {
    assert.equal(linkAddress("https://example.org"), "https://example.org/");
    assert.equal(linkAddress("mailto:a@b.org"), "mailto:a@b.org");
    for (const href of [
      "javascript:x",
      " javascript:x",
      "java\nscript:x",
      "data:,x",
      "//x.org",
      "/x",
      "x",
      "",
      "ftp://x.org",
      "command:x",
      "vscode:x",
      "file:///x",
      "https://",
    ]) {
      assert.equal(linkAddress(href), null, href);
    }
    assert.equal(linkAddress(`https://x.org/${"a".repeat(2048)}`), null);
  });

  it("is shown beside the text unless the text says it", () => {
    assert.equal(addressNote("https://example.org", "https://example.org/"), null);
    assert.equal(addressNote("example.org/a", "https://example.org/a"), null);
    assert.equal(addressNote("a@b.org", "mailto:a@b.org"), null);
    assert.equal(addressNote("the guide", "https://docs.example.org/x/y"), "docs.example.org");
    assert.equal(addressNote("write me", "mailto:a@b.org"), "a@b.org");
  });

  it("is shown in full beside a text that looks like another one", () => {
    assert.equal(
      addressNote("https://example.org/safe", "https://example.com/other"),
      "https://example.com/other",
    );
    assert.equal(addressNote("example.org", "https://example.com/"), "https://example.com/");
    assert.equal(
      addressNote("https://еxample.org/", "https://xn--xample-2of.org/"),
      "https://xn--xample-2of.org/",
    );
  });

  it("is shown in full beside a text that names another scheme", () => {
    for (const [text, address] of [
      ["https://good.com", "http://good.com/"],
      ["HTTPS://good.com/", "http://good.com/"],
      ["http://good.com", "https://good.com/"],
      ["https://good.com", "mailto:good.com"],
      ["mailto:a@b.org", "https://a@b.org/"],
      ["ftp://good.com/a", "https://good.com/a"],
      ["javascript://good.com", "https://good.com/"],
    ] as const) {
      assert.notEqual(addressNote(text, address), null, `${text} for ${address}`);
    }
    assert.equal(addressNote("https://good.com", "http://good.com/"), "http://good.com/");
    assert.equal(addressNote("https://good.com", "mailto:good.com"), "mailto:good.com");
    assert.equal(addressNote("good.com", "mailto:good.com"), "mailto:good.com");
    assert.equal(addressNote("mailto:a@b.org", "mailto:a@b.org"), null);
    assert.equal(addressNote("HTTPS://good.com", "https://good.com/"), null);
    assert.equal(addressNote("www.good.com", "http://www.good.com/"), null);
  });

  it("with a user name before the host shows the host", () => {
    const address = "https://example.org@hostile.invalid/";
    assert.equal(addressNote(address, address), "hostile.invalid");
  });
});
