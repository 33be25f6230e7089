// What the page's policy refuses even to a page into which someone has got markup.
import assert from "node:assert/strict";
import { PanelPage } from "./pageHarness.ts";

describe("the page's policy", () => {
  it("lets no base and no form lead elsewhere", async () => {
    const panel = await PanelPage.open({ alone: true });
    const refused = await panel.page.evaluate(async () => {
      const directives: string[] = [];
      const both = new Promise<void>((resolve) => {
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
          if (directives.push(effectiveDirective) === 2) resolve();
        });
      });
      const base = Object.assign(document.createElement("base"), { href: "https://example.org/" });
      const form = Object.assign(document.createElement("form"), { action: "https://example.org/" });
      document.head.append(base);
      document.body.append(form);
      form.submit();
      await both;
      return directives;
    });
    assert.deepEqual(refused, ["base-uri", "form-action"]);
    for (const complaint of panel.complaints.splice(0)) assert.match(complaint, /base-uri|form-action/);
    await panel.close();
  });
});
