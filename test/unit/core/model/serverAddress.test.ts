// One server, however its URL is written; and what is wrong with a text that is no such URL.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formerSpellings,
  isOnThisMachine,
  isSameServer,
  otherScheme,
  readServerUrl,
  serverKey,
} from "../../../../extension/core/model/serverAddress.ts";

function read(raw: string): string {
  const result = readServerUrl(raw);
  assert.ok(result.ok, `${raw} was refused`);
  return result.value;
}

describe("a server's URL", () => {
  for (const [raw, tidy, key = tidy] of [
    ["ws://127.0.0.1:43210", "ws://127.0.0.1:43210"],
    [" WS://Chat.Example:43210/ ", "ws://chat.example:43210"],
    ["ws://chat.example:80", "ws://chat.example"],
    ["wss://chat.example:443/", "wss://chat.example"],
    ["wss://chat.example:80", "wss://chat.example:80"],
    ["ws://chat.example:0043210", "ws://chat.example:43210"],
    ["ws://chat.example.:43210", "ws://chat.example:43210"],
    ["wss://bücher.example", "wss://xn--bcher-kva.example"],
    ["wss://BÜCHER.example", "wss://xn--bcher-kva.example"],
    ["wss://xn--bcher-kva.example", "wss://xn--bcher-kva.example"],
    ["wss://ｃｈａｔ.example", "wss://chat.example"],
    ["wss://chat。example", "wss://chat.example"],
    ["wss://chat.example/a/./b/../c", "wss://chat.example/a/c"],
    ["wss://chat.example/a/%2e%2E/c", "wss://chat.example/c"],
    ["wss://chat.example/%63hat%2f", "wss://chat.example/chat%2F"],
    ["wss://chat.example/chat/", "wss://chat.example/chat/", "wss://chat.example/chat"],
    ["wss://chat.example//", "wss://chat.example//", "wss://chat.example"],
    ["wss://chat.example/?", "wss://chat.example"],
    ["wss://chat.example/#", "wss://chat.example"],
    ["wss://chat.example/?a=b", "wss://chat.example/?a=b", "wss://chat.example?a=b"],
    ["wss:\\\\chat.example\\chat", "wss://chat.example/chat"],
    ["ws://[2001:DB8:0:0:0:0:0:5]:43210", "ws://[2001:db8::5]:43210"],
    ["ws://[::ffff:192.168.1.5]:43210", "ws://192.168.1.5:43210"],
    ["ws://192.168.257", "ws://192.168.1.1"],
    ["ws://0xC0A80105", "ws://192.168.1.5"],
    ["ws://localhost:43210", "ws://localhost:43210", "ws://127.0.0.1:43210"],
    ["ws://LOCALHOST.:43210/", "ws://localhost:43210", "ws://127.0.0.1:43210"],
    ["ws://[::1]:43210", "ws://[::1]:43210", "ws://127.0.0.1:43210"],
    ["ws://[0:0::0001]:43210", "ws://[::1]:43210", "ws://127.0.0.1:43210"],
    ["ws://127.1:43210", "ws://127.0.0.1:43210"],
    ["ws://2130706433:43210", "ws://127.0.0.1:43210"],
    ["ws://[::ffff:127.0.0.1]:43210", "ws://127.0.0.1:43210"],
    ["ws://0.0.0.0:43210", "ws://127.0.0.1:43210"],
    ["ws://[::]:43210", "ws://[::1]:43210", "ws://127.0.0.1:43210"],
    ["ws://127.0.0.2:43210", "ws://127.0.0.2:43210"],
  ] as const) {
    it(`${raw} becomes ${tidy}`, () => {
      assert.equal(read(raw), tidy);
      assert.equal(serverKey(raw), key);
      assert.equal(read(tidy), tidy);
      assert.equal(serverKey(key), key);
      assert.equal(serverKey(tidy), key);
    });
  }

  for (const [raw, kind, instead] of [
    ["", "no-scheme"],
    ["chat.example", "no-scheme", "ws://chat.example"],
    ["chat.example:43210", "no-scheme", "ws://chat.example:43210"],
    ["localhost:43210/", "no-scheme", "ws://localhost:43210"],
    ["192.168.1.5:43210", "no-scheme", "ws://192.168.1.5:43210"],
    ["[::1]:43210", "no-scheme", "ws://[::1]:43210"],
    ["//chat.example", "no-scheme", "ws://chat.example"],
    ["http://chat.example:43210", "scheme", "ws://chat.example:43210"],
    ["HTTPS://chat.example", "scheme", "wss://chat.example"],
    ["ftp://chat.example", "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["ws://chat example", "blanks"],
    ["ws://chat\n.example", "blanks"],
    ["ws://chat.example:99999", "port"],
    ["ws://chat.example:0", "port"],
    ["ws://", "host"],
    ["ws://:43210", "host"],
    ["ws://chat.example..", "host"],
    ["ws://.", "host"],
    ["ws://a<b", "host"],
    ["ws://anna:secret@chat.example/", "credentials", "ws://chat.example"],
    ["ws://127.0.0.1:43210@evil.example", "credentials", "ws://evil.example"],
    ["ws://chat.example/#lobby", "fragment", "ws://chat.example"],
    ["ws://[fe80::1%eth0]:43210", "zone"],
    ["ws://[fe80::1%25eth0]:43210", "zone"],
    ["ws://[fe80::1]:43210", "zone"],
  ] as const) {
    it(`${JSON.stringify(raw)} is invalid: ${kind}`, () => {
      assert.deepEqual(readServerUrl(raw), {
        ok: false,
        error: instead === undefined ? { kind } : { kind, instead },
      });
    });
  }

  it("is for the same server or for another one", () => {
    assert.ok(isSameServer("ws://localhost:43210", "WS://[::1]:43210/"));
    assert.ok(!isSameServer("ws://localhost:43210", "ws://localhost:43211"));
    assert.ok(!isSameServer("ws://chat.example", "wss://chat.example"));
    assert.ok(!isSameServer("ws://127.0.0.1", "ws://127.0.0.2"));
    assert.ok(isSameServer("no url", " no url"));
  });

  it("is on this machine or elsewhere", () => {
    for (const own of [
      "ws://LocalHost.",
      "wss://127.1/",
      "ws://[::ffff:7f00:1]:5",
      "ws://0.0.0.0",
      "ws://127.9.9.9",
      "ws://chat.LOCALHOST",
    ])
      assert.ok(isOnThisMachine(own), own);
    for (const other of [
      "ws://localhost.example",
      "ws://notlocalhost",
      "ws://127.0.0.1.example",
      "ws://192.168.1.5",
      "localhost",
    ])
      assert.ok(!isOnThisMachine(other), other);
  });

  it("has a counterpart with the other scheme", () => {
    assert.equal(otherScheme("ws://chat.example"), "wss://chat.example");
    assert.equal(otherScheme("wss://chat.example:43210/chat"), "ws://chat.example:43210/chat");
    assert.equal(otherScheme("chat.example"), undefined);
  });

  it("has the same key however it is written", () => {
    for (const key of ["ws://127.0.0.1:43210", "wss://chat.example", "ws://[2001:db8::5]:43210/chat"]) {
      const former = formerSpellings(key);
      assert.ok(former.includes(key));
      for (const spelling of former) assert.equal(serverKey(spelling), key, spelling);
    }
    assert.ok(formerSpellings("ws://127.0.0.1:43210").includes("ws://localhost:43210/"));
    assert.ok(formerSpellings("wss://chat.example").includes("wss://chat.example:443"));
  });

  it("is stable when read twice, for any input", () => {
    const part = fc.constantFrom(
      ...[
        "ws:",
        "wss:",
        "//",
        "/",
        ".",
        "..",
        "localhost",
        "EXAMPLE",
        "127.1",
        "[::1]",
        ":80",
        ":443",
        "%2e",
      ],
      ...["%61", "?", "#", "@", "ü", "%", "a", "\\"],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const once = readServerUrl(parts.join(""));
        if (!once.ok) return;
        assert.deepEqual(readServerUrl(once.value), once);
        assert.equal(serverKey(once.value), serverKey(parts.join("")));
        assert.equal(serverKey(serverKey(once.value)), serverKey(once.value));
      }),
      { numRuns: 3000, examples: [[["ws:", "ws:", "/", "%", "%61", "a"]]] },
    );
  });
});
