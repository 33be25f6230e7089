// What the word before the cursor can become.
import assert from "node:assert/strict";
import { isCommandLine, type CommandView } from "../../../../protocol/webview.ts";
import { complete } from "../../../../webview/composer/completion.ts";
import { commands, view } from "../../../webview/pageData.ts";

const introduce = {
  ...{ name: "introduce", aliases: [], usage: "\\introduce NAME NAME", help: "introduces two people" },
  completes: ["linked", "linked"],
} satisfies CommandView;

const source = {
  commands: [...commands, introduce],
  users: ["bobby", "bob.smith", "carmen", "Zoë"],
  targets: {
    forkable: ["bobby", "bob.smith", "carmen", "Zoë"],
    ...{ blockable: [], blocked: [], asking: [], linked: ["bobby", "carmen", "Zoë"], connected: ["bobby"] },
  },
  sessions: [view(0, "lobby"), view(1, "bobby", { mark: "P->" }), view(12, "carmen", { mark: "P~>" })],
};

/** The texts that the candidates make of `text`, the cursor being at its end or where `|` stands. */
function completed(text: string): string[] {
  const at = text.includes("|") ? text.indexOf("|") : text.length;
  const whole = text.replace("|", "");
  const found = complete(whole, at, source);
  if (found === null) return [];
  return found.candidates.map(({ insert }) => whole.slice(0, found.from) + insert + whole.slice(found.to));
}

describe("completion of commands", () => {
  it("offers every command after a backslash, with its help", () => {
    const found = complete("\\", 1, source);
    assert.equal(found?.kind, "command");
    assert.deepEqual(
      found.candidates.map(({ label }) => label),
      source.commands.map(({ usage }) => usage),
    );
    assert.equal(found.candidates[0]?.detail, "shows who's online");
  });

  it("adds a space where an argument follows, and none otherwise", () => {
    assert.deepEqual(completed("\\fo"), ["\\fork "]);
    assert.deepEqual(completed("\\us"), ["\\users"]);
  });

  it("finds a command by its alias, and ignores case", () => {
    assert.deepEqual(completed("\\ss"), ["\\sessions"]);
    assert.deepEqual(completed("\\LOB"), ["\\lobby"]);
  });

  it("offers nothing for a complete command, or for one that does not exist", () => {
    assert.deepEqual(completed("\\users"), []);
    assert.deepEqual(completed("\\xyz"), []);
  });

  it("treats two backslashes as the beginning of a message", () => {
    assert.equal(isCommandLine("\\users"), true);
    assert.equal(isCommandLine("\\\\users"), false);
    assert.deepEqual(completed("\\\\us"), []);
  });
});

describe("completion of arguments", () => {
  it("completes a person's name, and offers all when none is begun", () => {
    assert.deepEqual(completed("\\fork ca"), ["\\fork carmen"]);
    assert.equal(completed("\\fork ").length, source.users.length);
  });

  it("completes a session by its number, or by its name when that is being typed", () => {
    assert.deepEqual(completed("\\switch "), ["\\switch 0", "\\switch 1", "\\switch 12"]);
    assert.deepEqual(completed("\\sw 1"), ["\\sw 1", "\\sw 12"]);
    assert.deepEqual(completed("\\sw bo"), ["\\sw bobby"]);
  });

  it("completes a second name as well, after a space, and no one twice", () => {
    assert.deepEqual(completed("\\introduce bo"), ["\\introduce bobby "]);
    assert.deepEqual(completed("\\introduce bobby "), ["\\introduce bobby carmen", "\\introduce bobby Zoë"]);
    assert.deepEqual(completed("\\introduce  ZOË c"), ["\\introduce  ZOË carmen"]);
    assert.deepEqual(completed("\\introduce bobby carmen z"), []);
  });

  it("offers nothing after a command without argument, or after a second argument", () => {
    assert.deepEqual(completed("\\users b"), []);
    assert.deepEqual(completed("\\fork bobby c"), []);
    assert.deepEqual(completed("\\unknown b"), []);
  });
});

describe("completion of names in text", () => {
  it("completes the word at the cursor and leaves the rest", () => {
    assert.deepEqual(completed("hello car| and all"), ["hello carmen and all"]);
  });

  it("matches names like the server: ignoring case and form", () => {
    assert.deepEqual(completed("ZOE\u0308"), ["Zoë"]);
  });

  it("offers everyone who matches", () => {
    assert.deepEqual(completed("ask bo"), ["ask bobby", "ask bob.smith"]);
  });

  it("offers nothing without a word, or when the word is already the name", () => {
    assert.deepEqual(completed("hello "), []);
    assert.deepEqual(completed("carmen"), []);
  });
});

describe("completion of mentions", () => {
  it("offers everyone after an @, then those whose name begins with what follows it", () => {
    assert.deepEqual(completed("@"), ["@bobby ", "@bob.smith ", "@carmen ", "@Zoë "]);
    assert.deepEqual(completed("ask @bo|, please"), ["ask @bobby , please", "ask @bob.smith , please"]);
    assert.deepEqual(completed("(@zo"), ["(@Zoë "]);
    assert.equal(complete("@bo", 3, source)?.kind, "mention");
  });

  it("needs no space in scripts that have none", () => {
    assert.deepEqual(completed("请@car"), ["请@carmen "]);
    assert.deepEqual(completed("お願い＠car"), ["お願い@carmen "]);
  });

  it("offers no one within a word, as in an address", () => {
    assert.deepEqual(completed("me@car"), ["me@carmen"]);
    assert.equal(complete("me@car", 6, source)?.kind, "name");
    assert.deepEqual(completed("me@"), []);
  });
});

describe("completion of emoji", () => {
  it("offers those whose name begins with the text after a colon, with or without a closing one", () => {
    assert.ok(completed("done :tad").includes("done 🎉"));
    assert.deepEqual(completed("done :tada:"), ["done 🎉"]);
    assert.ok(completed(":+1").includes("👍"));
    assert.equal(complete(":tad", 4, source)?.kind, "emoji");
  });

  it("offers nothing after a colon alone, one letter, a time or a path", () => {
    for (const text of [":", ":D", "at 10:30", "std::vector", "C:\\te", "https://sm"]) {
      assert.notEqual(complete(text, text.length, source)?.kind, "emoji", text);
    }
  });

  it("offers no emoji twice, even under several names", () => {
    const found = complete(":th", 3, source);
    const inserts = found?.candidates.map(({ insert }) => insert) ?? [];
    assert.equal(new Set(inserts).size, inserts.length);
  });
});

describe("completion in a long text", () => {
  // Work that grew with the square of the text would not end within the time of a test.
  const long = "a".repeat(400_000);

  it("takes time proportional to its length, wherever a long word stands", () => {
    for (const text of [
      `${long}!`,
      `${long}\n${long}\n`,
      `\\${long} b c`,
      `\\a${" ".repeat(400_000)}b c`,
      `@${long}!`,
    ]) {
      assert.equal(complete(text, text.length, source), null);
    }
    assert.deepEqual(completed(`${long} car`), [`${long} carmen`]);
  });
});
