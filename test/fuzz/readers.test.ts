// Readers of everything that is not a JSON message: names, typed lines, headers and addresses. They return for any input.
import assert from "node:assert/strict";
import * as v from "valibot";
import { parseLine } from "../../extension/core/commands/commandLine.ts";
import { addressKind } from "../../extension/core/channels/addressKind.ts";
import { parseServerUrl } from "../../extension/net/dial/serverUrl.ts";
import { PeerName } from "../../protocol/fields.ts";
import { parseName } from "../../protocol/nameRules.ts";
import { nameKey } from "../../protocol/names.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import { admit, targetAt } from "../../server/admission/admission.ts";
import { createHostRules } from "../../server/admission/hostRules.ts";
import { hostnameOf } from "../../server/admission/hostNames.ts";
import { freeNumbered } from "../../server/names/nameForms.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const names = [
  "anna",
  "Łukasz",
  "李小龙",
  "ひらカナ漢",
  "Ωmega",
  "аnna",
  "a_2",
  "ß.-_",
  "e\u0301",
  "नमस्ते",
  "\ufdfa",
  "lobby",
];

/** Any text: noise, a sample, or a sample in which something is wrong. */
function anyText(mutator: Mutator, samples: readonly string[]): string {
  let text = mutator.chance(0.3) ? mutator.noise(mutator.below(80)) : mutator.pick(samples);
  while (mutator.chance(0.6)) text = mutator.breakText(text);
  return text;
}

describe("a name of arbitrary characters", () => {
  fuzz(`is refused with a code, or is one that every side takes (${FRAMES} names)`, (seed) => {
    const mutator = new Mutator(seed, []);
    const results = new Set<string>();
    for (let n = 0; n < FRAMES; n++) {
      const raw = anyText(mutator, names);
      const result = parseName(raw);
      results.add(result.ok ? "ok" : result.error.code);
      if (!result.ok) continue;
      const name = result.value;
      assert.ok(v.is(PeerName, name), JSON.stringify(name));
      assert.deepEqual(parseName(name), result);
      assert.equal(nameKey(nameKey(name)), nameKey(name), JSON.stringify(name));
      assert.doesNotMatch(name, /[\p{C}\p{Z}]/u);
      const least = 2 + mutator.below(100);
      const numbered = freeNumbered(name, (form) => Number(/\d+$/u.exec(form.name)?.[0]) >= least).name;
      assert.deepEqual(parseName(numbered), { ok: true, value: numbered });
    }
    assert.deepEqual([...results].sort(), [
      "name-characters",
      "name-empty",
      "name-reserved",
      "name-scripts",
      "name-too-long",
      "ok",
    ]);
  });
});

describe("a line of arbitrary characters", () => {
  const lines = [
    "hello",
    "\\fork bobby",
    "\\\\fork",
    "\\sw 1",
    "\\introduce anna carmen",
    "\\help",
    "\\",
    "\n\\quit",
    "\\block __proto__",
  ];
  fuzz(`is a message, a command or an error, and no command's line a message (${FRAMES} lines)`, (seed) => {
    const mutator = new Mutator(seed, []);
    for (let n = 0; n < FRAMES; n++) {
      const text = anyText(mutator, lines);
      const result = parseLine(text);
      const isCommand = /^\\(?!\\)/u.test(text);
      if (!result.ok) assert.ok(isCommand && result.error.text.length < 300, JSON.stringify(text));
      else if (result.value.type === "message") assert.ok(!isCommand && text.endsWith(result.value.text));
      else
        assert.ok(isCommand && !/\s{2}|^\s|\s$/u.test(result.value.command.argument), JSON.stringify(text));
    }
  });
});

describe("headers and addresses of arbitrary characters", () => {
  const hosts = [
    "localhost",
    "127.0.0.1:43210",
    "[::1]:9",
    "chat.example:1",
    "localhost:43210",
    "[",
    "[]",
    "[::1",
    "::1",
    ":",
    ":1",
    "a:b:c",
    "::ffff:1.2.3.4",
    "fe80::1%eth0",
    "ws://[::1]:7/x?y#z",
    "wss://u:p@h",
  ];
  fuzz(`open nothing to a name that is not the server's, and stop no reader (${FRAMES} texts)`, (seed) => {
    const mutator = new Mutator(seed, []);
    const rules = createHostRules({ allowed: new Set(), publicUrl: undefined, secure: false });
    let admitted = 0;
    for (let n = 0; n < FRAMES; n++) {
      const text = anyText(mutator, hosts);
      const host = hostnameOf(text);
      assert.ok(host.length <= 2 * text.length && host === host.toLowerCase(), JSON.stringify(text));
      const request = {
        rawHeaders: ["Host", text],
        headers: { host: text, upgrade: mutator.pick(["websocket", text]) },
      };
      const target = targetAt(mutator.pick(["/", "/?x", "/relay", text]));
      const arrival = { host: text, localAddress: "127.0.0.1", localPort: 43_210 };
      const result = admit(request, target, new Set(), rules.admits(arrival), () => undefined);
      assert.ok(rules.dialled(arrival).length <= 3);
      if (result.ok) admitted += 1;
      assert.ok(
        !result.ok || /^(\[(localhost|127\.0\.0\.1)\]|localhost|127\.0\.0\.1):0*43210$/iu.test(text),
        JSON.stringify(text),
      );
      assert.equal(typeof addressKey(text), "string");
      assert.ok(["loopback", "private", "public", "unusable"].includes(addressKind(text)));
      const url = parseServerUrl(text);
      if (url.ok)
        assert.ok(url.value.port > 0 && url.value.path.startsWith("/") && !/[\s@]/u.test(url.value.place));
    }
    assert.ok(admitted > 0);
  });
});
