// “Chat: Diagnose Connection” about a server that this window has not joined: the steps, and what to do about the one that failed.
import assert from "node:assert/strict";
import { marked } from "marked";
import type { CheckStage, ServerCheck } from "../../../../extension/core/model/serverCheck.ts";
import { diagnosis } from "../../../../extension/core/view/diagnosis.ts";
import { serverCheckText } from "../../../../extension/core/view/serverCheckText.ts";
import { after, blank, close, join, NOW } from "../../../support/core.ts";

const found: ServerCheck = {
  ...{ url: "wss://chat.example", secure: true, addresses: ["192.0.2.7"], failure: null },
  server: { version: 2, needsToken: true, aheadMs: 0 },
};

function failedAt(stage: CheckStage, secure = true): string[] {
  const failure = { stage, text: "it does not work" };
  return serverCheckText({ ...found, secure, failure, server: null }).split("\n");
}

/** Pictures, other headings, and links that hide where they lead, as a preview would show them. */
function shownIn(markdown: string): string[] {
  return (
    marked
      .parse(markdown, { async: false })
      .match(/<img[^>]*>|<h1>(?!Fork Chat)|<a href="([^"]*)">(?!\1)/gu) ?? []
  );
}

describe("the check of a server", () => {
  it("lists each passed step, and what the server requires", () => {
    assert.deepEqual(serverCheckText(found).split("\n"), [
      "- ✓ Address: `wss://chat.example`",
      "- ✓ Name: resolves to `192.0.2.7`",
      "- ✓ Connection: the port is open",
      "- ✓ TLS: the certificate is trusted",
      "- ✓ Fork Chat: the server responded (protocol version 2)",
      "- It requires a token. Ask its admin for the token, then run **Chat: Join as…**.",
      "- Its clock matches this machine's.",
    ]);
  });

  it("omits the name step for an IP address, and the TLS step for ws:", () => {
    const text = serverCheckText({ ...found, url: "ws://192.0.2.7", secure: false, addresses: [] });
    assert.ok(!text.includes("Name:") && !text.includes("TLS:"), text);
  });

  it("ends at the failed step, with the reason and the next step", () => {
    const steps: [CheckStage, number, string][] = [
      ["address", 0, "forkchat.serverUrl"],
      ["name", 1, "spelling"],
      ["connection", 2, "**Chat: Start Server**"],
      ["tls", 3, "fingerprint"],
      ["server", 4, "proxy"],
    ];
    for (const [stage, passed, next] of steps) {
      const lines = failedAt(stage);
      assert.equal(lines.length, passed + 1, stage);
      assert.ok(lines.at(-1)?.startsWith("- ✗ It does not work. "), lines.at(-1));
      assert.ok(lines.at(-1)?.includes(next), lines.at(-1));
    }
    assert.ok(failedAt("server", false).at(-1)?.includes("`wss://`"));
  });

  it("reports a clock that is ahead or behind, and omits an unknown one", () => {
    const clock = (aheadMs: number | null): string =>
      serverCheckText({ ...found, server: { version: 2, needsToken: false, aheadMs } });
    assert.ok(clock(4_999).includes("matches"));
    assert.ok(clock(90_000).includes("90 s ahead"));
    assert.ok(clock(-5_000).includes("5 s behind"));
    assert.ok(!clock(null).includes("clock"));
  });

  it("shows no picture, heading or disguised link, whatever the URL and the failure contain", () => {
    const picture = "![x](https://evil.example/x.png)";
    const failure = { stage: "server", text: `\`${picture}\n\n# ${picture}` } as const;
    const text = serverCheckText({ ...found, url: `ws://host/?\`${picture}\``, failure, server: null });
    assert.deepEqual(shownIn(text), []);
    const refused = after(blank, join("anna"), close({ kind: "rejected", text: `${picture} <img src=x>` }));
    assert.deepEqual(shownIn(diagnosis(refused, NOW)), []);
  });

  it("is part of the diagnosis before joining", () => {
    assert.ok(
      diagnosis(blank, NOW, found).includes(`## Connection to the server\n\n${serverCheckText(found)}`),
    );
    assert.ok(!diagnosis(blank, NOW).includes("Connection to the server"));
  });
});
