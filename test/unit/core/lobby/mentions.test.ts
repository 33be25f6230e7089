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

  it("needs no space in scripts that have none", () => {
    const texts = [
      "请@anna 看一下",
      "お願い@anna",
      "@annaさん",
      "＠anna",
      "，@anna你好",
      "привет@anna",
      "@anna_さん",
      "@annaも@x",
    ];
    const state = after(online, ...texts.map((text, i) => said(i + 1, "bobby", text)));
    assert.deepEqual(mentions(state), [true, true, true, true, true, true, false, true]);
  });

  it("is none in code, in an address or in the name of a package", () => {
    const none = [
      ...[
        "`@anna`",
        "a `` ` @anna `` b",
        "```\n@anna\n```",
        "```ts\n\n@anna()",
        "```@anna();\nb```",
        "~~~\n@anna\n~~~",
      ],
      ...["> ```\n> @anna\n> ```", "npm i @anna/x", "mail@anna", "é@anna", "7@anna", "x-@anna"],
    ];
    const some = [
      ...[
        "`x` @anna `y`",
        "` @anna",
        "`\n\n@anna `",
        "```\nx\n```\n@anna",
        "```x``` @anna",
        "```a()\nb```\n@anna",
      ],
      ...["`` ` @anna", "@anna/@bobby", "@anna / x"],
    ];
    for (const [texts, expected] of [
      [none, false],
      [some, true],
    ] as const) {
      const state = after(online, ...texts.map((text, i) => said(i + 1, "bobby", text)));
      mentions(state).forEach((is, i) => assert.equal(is, expected, texts[i]));
    }
  });

  it("is looked for in a text that was made to be slow within the time of a test", () => {
    const filled = (part: string) =>
      `\`@anna\` ${part.repeat((limits.textBytes - 8) / Buffer.byteLength(part))}`;
    const ticks = Array.from({ length: 170 }, (_, i) => `${"`".repeat(170 - i)} `).join("");
    for (const text of [
      ...[
        `@${".".repeat(limits.textBytes - 2)}x`,
        filled("\n"),
        filled("`a"),
        filled("``` "),
        filled("` "),
        filled("\n> "),
        filled("@a/b"),
      ],
      ...[
        filled("```x``"),
        filled("~~~ "),
        `\`@anna\` ${ticks}`,
        `\n\`\`\`x\n@anna${"``` a ".repeat(2700)}`,
        filled(" "),
        filled("@annaあ/b"),
      ],
    ]) {
      const slow = Array.from({ length: 60 }, (_, i) => said(i + 1, "bobby", text));
      assert.equal(mentions(after(online, ...slow)).includes(true), false);
    }
  });
});
