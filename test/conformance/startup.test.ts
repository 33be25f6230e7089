// What the server checks before it listens: every option that it was given, and the files that these name.
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";
import { StartTrial } from "./startTrial.ts";

describe("the server's start", () => {
  const trial = new StartTrial();
  const { exitOf, refuses } = trial;

  for (const [args, line] of [
    [["--host", "127.0.0.1:43210"], /--host must not contain a port/],
    [["--host", "localhost:43210"], /--host must not contain a port/],
    [["--host", "[::1]:43210"], /--host must not contain a port/],
    [["--host", "ws://127.0.0.1"], /--host must be an address, not a URL/],
    [["--host", "https://127.0.0.1:43210"], /--host must be an address, not a URL/],
    [["--host", "127.0.0.1/chat"], /--host must be an address/],
    [["--host", "two words"], /--host must be an address/],
    [["--host", "*"], /--host must be an address/],
    [["--allow-host", "https://chat.example.org"], /--allow-host must be a host name/],
    [["--allow-host", "wss://chat.example.org/"], /--allow-host must be a host name/],
    [["--allow-host", "chat.example.org:0"], /--allow-host must be a host name/],
    [["--allow-host", "chat.example.org:65536"], /--allow-host must be a host name/],
    [["--allow-host", "chat.example.org:"], /--allow-host must be a host name/],
    [["--allow-host", ":8080"], /--allow-host must be a host name/],
    [["--allow-host", "::1:8080:"], /--allow-host must be a host name/],
    [["--allow-host", "chat.example.org/"], /--allow-host must be a host name/],
    [["--allow-host", "anna@chat.example.org"], /--allow-host must be a host name/],
    [["--allow-host", "*.example.org"], /--allow-host must be a host name/],
    [["--allow-host", "a,b"], /--allow-host must be a host name/],
    [["--allow-host", ""], /--allow-host must be a host name/],
    [["--allow-origin", "example.org"], /--allow-origin must be an origin/],
    [["--allow-origin", "https://example.org/"], /--allow-origin must be an origin/],
    [["--allow-origin", "https://example.org/chat"], /--allow-origin must be an origin/],
    [["--allow-origin", "*"], /--allow-origin must be an origin/],
    [["--allow-origin", "null"], /--allow-origin must be an origin/],
    [["--public-url", "chat.example.org"], /--public-url must be a URL/],
    [["--public-url", "https://chat.example.org"], /--public-url .*ws:\/\/ or wss:\/\/, not https:/],
    [
      ["--public-url", "wss://anna:secret@chat.example.org"],
      /--public-url .*must not contain a user name or password/,
    ],
    [["--public-url", "wss://chat.example.org/?a=b"], /--public-url .*must not contain a query/],
    [["--public-url", "wss://chat.example.org:0"], /--public-url .*the port must not be 0/],
    [["--public-url", "wss://0.0.0.0/"], /--public-url .*0\.0\.0\.0 does not name a server/],
    [["--public-url", "wss://[::]/"], /--public-url .*\[::\] does not name a server/],
    [["--public-url", "wss://chat.example.org//a"], /--public-url .*must not contain an empty segment/],
    [["--public-url", ""], /--public-url must be a URL/],
    [["--trust-proxy", ""], /--trust-proxy must be the IP address of a proxy/],
    [["--trust-proxy", "localhost"], /--trust-proxy must be the IP address of a proxy/],
    [["--trust-proxy", "10.0.0.0/8"], /--trust-proxy must be the IP address of a proxy/],
    [["--trust-proxy", "127.0.0.1:80"], /--trust-proxy must be the IP address of a proxy/],
    [["--trust-proxy", "fe80::1%eth0"], /--trust-proxy must be the IP address of a proxy/],
    [["--trust-proxy", "0.0.0.0"], /--trust-proxy must be the IP address of a proxy/],
    [["--token-file", ""], /--token-file needs a path/],
    [["--tls-cert", "", "--tls-key", "k"], /--tls-cert needs a path/],
    [["--tls-cert", "c", "--tls-key", ""], /--tls-key needs a path/],
    [["--history", "-1"], /--history/],
    [["--history", "many"], /--history must be a whole number/],
    [["--messages-per-second", ""], /--messages-per-second must be a whole number/],
    [["--insecure=yes"], /--insecure/],
  ] as const) {
    it(`rejects ${args.join(" ") || "nothing"} with a line that says why, and code 2`, () =>
      refuses(line, 2, ...args));
  }

  it("refuses a token or a key that every user of the machine can replace (skipped on Windows, which has no such rights)", async function () {
    if (process.platform === "win32") this.skip();
    const file = join(trial.folder, "secret");
    await writeFile(file, "a".repeat(22));
    await chmod(file, 0o666);
    for (const args of [
      ["--token-file", file],
      ["--tls-cert", file, "--tls-key", file],
    ]) {
      const exit = await exitOf(...args);
      assert.equal(exit.code, 2);
      assert.match(exit.stderr, /every user on this machine can write to it/);
    }
  });

  it("refuses files that have no end (skipped on Windows, which has none)", async function () {
    if (process.platform === "win32") this.skip();
    for (const [args, line] of [
      [["--token-file", "/dev/zero"], /^Cannot read the token file \/dev\/zero/],
      [["--tls-cert", "/dev/zero", "--tls-key", "/dev/null"], /^Cannot use /],
    ] as const) {
      const exit = await exitOf(...args);
      assert.deepEqual([exit.code, exit.stdout], [2, ""]);
      assert.match(exit.stderr, line);
      assert.match(exit.stderr, /^[^\n]+\n$/, "one line");
    }
  });

  it("accepts hosts and origins in other spellings as what clients and browsers send", async () => {
    const server = await ServerProcess.start(
      ...["--allow-host", "Bücher.Example", "--allow-host", "[2001:DB8::1]:43210"],
      ...["--allow-host", "2001:DB8::2", "--allow-host", "Chat.example:443"],
      ...["--allow-origin", "HTTPS://Chat.Example.org:443", "--allow-origin", "vscode-webview://AB-1"],
    );
    trial.servers.push(server);
    const hosts = ["xn--bcher-kva.example", "[2001:db8::1]:43210", "[2001:db8::2]", "chat.example"];
    for (const host of [...hosts, `[2001:db8::2]:${server.port}`, "chat.example:443"]) {
      const client = new TestClient(server.url, { headers: { Host: host } });
      await client.next("challenge");
    }
    for (const origin of ["https://chat.example.org", "vscode-webview://ab-1"]) {
      const client = new TestClient(server.url, { origin });
      await client.next("challenge");
    }
  });
});
