import assert from "node:assert/strict";
import { limits } from "../../../protocol/limits.ts";
import { refusalHeaders, targetAt } from "../../../server/admission/admission.ts";
import { parseArguments, usage } from "../../../server/arguments.ts";
import { listenErrorText } from "../../../server/admission/listenErrorText.ts";

const defaults = {
  kind: "serve",
  host: "127.0.0.1",
  port: 43_210,
  allowedOrigins: new Set<string>(),
  maxBacklog: limits.backlogBytes,
  framesPerSecond: limits.framesPerSecond,
  lobbyBytesPerSecond: limits.lobbyBytesPerSecond,
  clientsPerAddress: limits.clientsPerAddress,
  newcomerMessages: limits.newcomerMessages,
  tokenFile: undefined,
  tls: undefined,
  dataFolder: undefined,
  relay: true,
  allowedHosts: new Set<string>(),
  publicUrl: undefined,
  trustedProxies: new Set<string>(),
  insecure: false,
  admin: undefined,
  logLevel: "info",
  cluster: undefined,
};

describe("the server's arguments", () => {
  it("may all be left out", () => {
    assert.deepEqual(parseArguments([]), { ok: true, value: defaults });
  });

  it("set what they name, and nothing else", () => {
    for (const [args, change] of [
      [["--host", "0.0.0.0"], { host: "0.0.0.0" }],
      [["--host", "[::1]"], { host: "::1" }],
      [["--port=0"], { port: 0 }],
      [["--port", "65535"], { port: 65_535 }],
      [["--max-backlog", "1"], { maxBacklog: 1 }],
      [["--messages-per-second", "1000"], { framesPerSecond: 1_000 }],
      [["--lobby-bytes-per-second", "4096"], { lobbyBytesPerSecond: 4_096 }],
      [["--lobby-bytes-per-second", "786432"], { lobbyBytesPerSecond: 786_432 }],
      [["--clients-per-address", "2"], { clientsPerAddress: 2 }],
      [["--history", "0"], { newcomerMessages: 0 }],
      [["--token-file", "t"], { tokenFile: "t" }],
      [["--tls-cert", "c", "--tls-key", "k"], { tls: { cert: "c", key: "k" } }],
      [["--data", "d"], { dataFolder: "d" }],
      [["--no-relay"], { relay: false }],
      [["--insecure"], { insecure: true }],
      [["--admin", "9464"], { admin: { host: "127.0.0.1", port: 9464 } }],
      [["--admin", "0.0.0.0:0"], { admin: { host: "0.0.0.0", port: 0 } }],
      [["--admin", "[::1]:65535"], { admin: { host: "::1", port: 65_535 } }],
      [["--admin", "localhost:1"], { admin: { host: "localhost", port: 1 } }],
      [["--log-level", "warn"], { logLevel: "warn" }],
      [
        ["--public-url", "wss://Chat.Example/team/"],
        {
          publicUrl: {
            hostname: "chat.example",
            hosts: ["chat.example:443", "chat.example"],
            path: "/team",
            secure: true,
          },
        },
      ],
      [
        ["--public-url", "ws://[::1]:8080"],
        { publicUrl: { hostname: "::1", hosts: ["[::1]:8080"], path: "", secure: false } },
      ],
      [
        ["--public-url", "wss://x.example./a b/%7E%c3%a4"],
        {
          publicUrl: {
            hostname: "x.example",
            hosts: ["x.example:443", "x.example"],
            path: "/a%20b/~%C3%A4",
            secure: true,
          },
        },
      ],
      [
        ["--allow-host", "Chat.Example.", "--allow-host", "b:8080", "--allow-host", "::1"],
        { allowedHosts: new Set(["chat.example", "b:8080", "[::1]"]) },
      ],
      [
        [
          "--trust-proxy",
          "127.0.0.1",
          "--trust-proxy",
          "[2001:DB8:0::1]",
          "--trust-proxy",
          "::ffff:10.0.0.1",
        ],
        { trustedProxies: new Set(["127.0.0.1", "2001:db8::1", "10.0.0.1"]) },
      ],
      [
        ["--allow-origin", "https://A.example", "--allow-origin", " http://b.example:8080 "],
        { allowedOrigins: new Set(["https://a.example", "http://b.example:8080"]) },
      ],
    ] as const) {
      assert.deepEqual(parseArguments(args), { ok: true, value: { ...defaults, ...change } });
    }
  });

  it("request help or the version despite any others", () => {
    assert.deepEqual(parseArguments(["--port", "none", "--help"]), { ok: true, value: { kind: "help" } });
    assert.deepEqual(parseArguments(["--version"]), { ok: true, value: { kind: "version" } });
  });

  it("are rejected with a sentence that names them if they are invalid", () => {
    for (const [args, name] of [
      [["--port", ""], "--port"],
      [["--port", "1e3"], "--port"],
      [["--port", "0x10"], "--port"],
      [["--port", "65536"], "--port"],
      [["--max-backlog", "1073741825"], "--max-backlog"],
      [["--messages-per-second", "0"], "--messages-per-second"],
      [["--lobby-bytes-per-second", "786433"], "--lobby-bytes-per-second"],
      [["--clients-per-address", "1.5"], "--clients-per-address"],
      [["--host", ""], "--host"],
      [["--host", "[]"], "--host"],
      [["--allow-origin", " "], "--allow-origin"],
      [["--tls-cert", "c"], "--tls-key"],
      [["--tls-key", "k"], "--tls-cert"],
      // An empty host would be every address.
      ...["", ":1", "[]:1", "::1", "localhost", "localhost:", "65536", "a:b", "http://a:1", "1:2:3"].map(
        (place) => [["--admin", place], "--admin"] as const,
      ),
      [["--log-level", "debug"], "--log-level"],
      [["--help=yes"], "--help"],
      [["--colour"], "--colour"],
      [["stray"], "stray"],
    ] as const) {
      const parsed = parseArguments(args);
      assert.ok(!parsed.ok, args.join(" "));
      assert.ok(parsed.error.includes(name), parsed.error);
    }
  });

  it("have the defaults that the usage shows", () => {
    const { host, port, maxBacklog, framesPerSecond, lobbyBytesPerSecond, clientsPerAddress } = defaults;
    for (const value of [
      ...[host, port, maxBacklog, framesPerSecond, lobbyBytesPerSecond],
      clientsPerAddress,
    ]) {
      assert.ok(usage.includes(`(default ${String(value)}`), String(value));
    }
  });
});

describe("the reason why the server cannot listen", () => {
  it("is one or two sentences that name the address, and the remedy if there is one", () => {
    for (const [code, expected] of [
      ["EADDRINUSE", /^Port 43210 is already in use \(\[::1\]:43210\)\. .*--port\.$/],
      ["EACCES", /\[::1\]:43210\. .*--port\.$/],
      ["EADDRNOTAVAIL", /^::1 is not an address of this machine\. .*--host\.$/],
      ["ENOTFOUND", /::1 was not found\. .*--host\.$/],
      ["EAI_AGAIN", /::1 was not found\. .*--host\.$/],
      ["ENOBUFS", /^Cannot listen on \[::1\]:43210: ENOBUFS\.$/],
    ] as const) {
      assert.match(listenErrorText(Object.assign(new Error("x"), { code }), "::1", 43_210), expected);
    }
    assert.equal(
      listenErrorText(new Error("strange"), "localhost", 1),
      "Cannot listen on localhost:1: strange.",
    );
  });
});

describe("the server's path", () => {
  it("is the root, with the relay below it, each with any query, and nothing else", () => {
    for (const url of ["/", "/?", "/?a=/b"]) assert.equal(targetAt(url), "lobby", url);
    for (const url of ["/relay", "/relay?", "/relay?a=/"]) assert.equal(targetAt(url), "relay", url);
    for (const url of ["", "*", "//", "/a", "/#", "http://127.0.0.1/", "/relay/", "/Relay", "?"])
      assert.equal(targetAt(url), undefined, url);
  });

  it("may also be below that of the public URL", () => {
    for (const url of ["/", "/?a", "/chat", "/chat/", "/chat?a", "/chat/?a"])
      assert.equal(targetAt(url, "/chat"), "lobby", url);
    for (const url of ["/relay", "/chat/relay", "/chat/relay?a"])
      assert.equal(targetAt(url, "/chat"), "relay", url);
    for (const url of ["", "/chatty", "/chat//", "/chatrelay", "/other", "/chat/chat", "?"])
      assert.equal(targetAt(url, "/chat"), undefined, url);
  });

  it("tells clients that do not request a WebSocket what it accepts", () => {
    assert.equal(refusalHeaders({ status: 426, text: "x" })["Upgrade"], "websocket");
    assert.equal(refusalHeaders({ status: 404, text: "x" })["Upgrade"], undefined);
    assert.equal(refusalHeaders({ status: 404, text: "\u00e9" })["Content-Length"], 3);
  });
});
