// What the server checks before it listens: everything it was given. One clear line, and an exit code that tells what
// has to change: 1 for this machine, 2 for the command line.
import assert from "node:assert/strict";
import { existsSync, watch, type FSWatcher } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("the server's start", () => {
  let folder: string;
  const servers: ServerProcess[] = [];
  const watchers: FSWatcher[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-start-"));
  });
  afterEach(async () => {
    for (const watcher of watchers.splice(0)) watcher.close();
    await Promise.all(servers.splice(0).map((server) => server.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  /** How it ends; one that starts all the same is stopped, and has no exit code then. */
  async function exitOf(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const server = new ServerProcess(["--port", "0", ...args]);
    servers.push(server);
    const listens = await Promise.race([
      server.listening().then(
        () => true,
        () => false,
      ),
      server.exit.then(() => false),
    ]);
    return listens ? server.stop("SIGKILL") : server.exit;
  }

  async function refuses(line: RegExp, code: 1 | 2, ...args: string[]): Promise<void> {
    const exit = await exitOf(...args);
    assert.deepEqual([exit.code, exit.stdout], [code, ""], `${args.join(" ")}: ${exit.stderr}`);
    assert.match(exit.stderr.split("\n")[0] ?? "", line, args.join(" "));
    if (code === 1) assert.match(exit.stderr, /^[^\n]+\.\n$/, "one line");
    else assert.match(exit.stderr, /^.+\nFor all options: node server\.js --help\n$/s);
  }

  describe("with a data folder", () => {
    it("creates a missing folder, for its user only", async () => {
      const data = join(folder, "not", "yet");
      const server = await ServerProcess.start("--data", data);
      servers.push(server);
      await TestClient.join(server.url, "anna");
      await server.stop();
      assert.deepEqual(await readdir(data), ["names.json"]);
    });

    it("rejects a link, even with a trailing slash", async () => {
      await mkdir(join(folder, "real"));
      await symlink(join(folder, "real"), join(folder, "link"));
      await refuses(/is a symbolic link/, 1, "--data", join(folder, "link"));
      await refuses(/is a symbolic link/, 1, "--data", join(folder, "link") + sep);
      await symlink(join(folder, "nowhere"), join(folder, "dangling"));
      await refuses(/is a symbolic link/, 1, "--data", join(folder, "dangling"));
      assert.deepEqual((await readdir(folder)).sort(), ["dangling", "link", "real"]);
    });

    it("rejects a path that is not a folder, or whose parent is not", async () => {
      await writeFile(join(folder, "file"), "");
      await refuses(/is not a folder/, 1, "--data", join(folder, "file"));
      await refuses(/^Cannot use /, 1, "--data", join(folder, "file", "data"));
      await refuses(/--data needs a path/, 2, "--data", "");
      await refuses(/--data needs a path/, 2, "--data", " ");
    });

    it("refuses one that every user can write to (skipped on Windows, which has no such rights)", async function () {
      if (process.platform === "win32") this.skip();
      for (const mode of [0o777, 0o1777, 0o702]) {
        await chmod(folder, mode);
        await refuses(/Every user on this machine can write/, 1, "--data", folder);
      }
      await chmod(folder, 0o770);
      assert.equal((await exitOf("--data", folder)).code, null);
    });

    it("refuses one that it cannot write to (skipped where there is no /proc)", async function () {
      if (process.platform !== "linux") this.skip();
      // Not even root can create a file there.
      await refuses(/^Cannot use /, 1, "--data", "/proc/sys/kernel");
      await refuses(/^Cannot use /, 1, "--data", "/proc/fork-chat");
    });

    it("rejects planted links and leaves their targets alone", async () => {
      const victim = join(folder, "victim");
      for (const name of ["names.json", "names.json.new", "server.lock"]) {
        const data = join(folder, `data-${name}`);
        await mkdir(data);
        await writeFile(victim, "precious");
        await symlink(victim, join(data, name));
        await refuses(/is a symbolic link/, 1, "--data", data);
        await rm(join(data, name));
        await mkdir(join(data, name));
        await refuses(/is not a file/, 1, "--data", data);
        assert.equal(await readFile(victim, "utf8"), "precious");
      }
    });

    it("refuses a names.json that every user can write to (skipped on Windows, which has no such rights)", async function () {
      if (process.platform === "win32") this.skip();
      await writeFile(join(folder, "names.json"), '{"version":1,"names":[]}');
      await chmod(join(folder, "names.json"), 0o666);
      await refuses(/Every user on this machine can write/, 1, "--data", folder);
    });

    it("rejects a folder that another server uses, and that server keeps its names", async () => {
      const server = await ServerProcess.start("--data", folder);
      servers.push(server);
      await TestClient.join(server.url, "anna");
      await refuses(/is in use by another server \(process \d+\)/, 1, "--data", folder);
      await server.stop();
      assert.match(await readFile(join(folder, "names.json"), "utf8"), /"anna"/);
      assert.deepEqual(await readdir(folder), ["names.json"]);
      assert.equal((await exitOf("--data", folder)).code, null, "it is free again");
    });

    it("rejects a folder that another server uses, even after someone deleted its lock", async () => {
      const server = await ServerProcess.start("--data", folder);
      servers.push(server);
      const lock = join(folder, "server.lock");
      const isBack = new Promise<void>((resolve) => {
        let isGone = false;
        watchers.push(
          watch(folder, () => {
            if (!existsSync(lock)) isGone = true;
            else if (isGone) resolve();
          }),
        );
      });
      await rm(lock);
      await isBack;
      await refuses(/is in use by another server \(process \d+\)/, 1, "--data", folder);
      await TestClient.join(server.url, "anna");
      const { stderr } = await server.stop();
      assert.doesNotMatch(stderr, /names-not-kept/);
      assert.match(await readFile(join(folder, "names.json"), "utf8"), /"anna"/);
      assert.deepEqual(await readdir(folder), ["names.json"]);
    });

    it("takes a folder over at once from a server that was killed", async () => {
      const server = await ServerProcess.start("--data", folder);
      servers.push(server);
      await server.stop("SIGKILL");
      assert.ok((await readdir(folder)).includes("server.lock"));
      assert.equal((await exitOf("--data", folder)).code, null);
    });

    it("leaves a folder to a server on another host while that one shows activity", async () => {
      const lock = join(folder, "server.lock");
      // This process lives here, which says nothing about that host.
      const holder = { pid: process.pid, host: "elsewhere", started: "1" };
      await writeFile(lock, JSON.stringify(holder));
      await refuses(
        /in use by another server \(on another machine or in another container\)/,
        1,
        "--data",
        folder,
      );
      assert.equal(await readFile(lock, "utf8"), JSON.stringify(holder));
      for (const text of [JSON.stringify(holder), "", "{", JSON.stringify({ ...holder, pid: "1" })]) {
        await writeFile(lock, text);
        await utimes(lock, 1, 1);
        assert.equal((await exitOf("--data", folder)).code, null, text);
      }
    });

    it("gives a folder to only one of many servers that start at once", async () => {
      await writeFile(join(folder, "server.lock"), "{");
      await utimes(join(folder, "server.lock"), 1, 1);
      const started = Array.from({ length: 6 }, () => new ServerProcess(["--port", "0", "--data", folder]));
      servers.push(...started);
      const listens = await Promise.all(
        started.map((server) =>
          Promise.race([
            server.listening().then(
              () => true,
              () => false,
            ),
            server.exit.then(() => false),
          ]),
        ),
      );
      assert.equal(listens.filter(Boolean).length, 1);
    });

    it("writes no names if another server has taken the folder anyway", async () => {
      const server = await ServerProcess.start("--data", folder);
      servers.push(server);
      const other = JSON.stringify({ pid: 1, host: "elsewhere", started: "" });
      await writeFile(join(folder, "server.lock"), other);
      await TestClient.join(server.url, "anna");
      const { stderr } = await server.stop();
      assert.match(stderr, /names-not-kept.*another server is using the data folder/);
      assert.deepEqual(await readdir(folder), ["server.lock"]);
      assert.equal(await readFile(join(folder, "server.lock"), "utf8"), other);
    });

    it("follows no link that is planted while it runs", async () => {
      const victim = join(folder, "victim");
      await writeFile(victim, "precious");
      const data = join(folder, "data");
      const server = await ServerProcess.start("--data", data);
      servers.push(server);
      await symlink(victim, join(data, "names.json.new"));
      await TestClient.join(server.url, "anna");
      await server.stop();
      assert.equal(await readFile(victim, "utf8"), "precious");
      assert.match(await readFile(join(data, "names.json"), "utf8"), /"anna"/);
    });
  });

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
    const file = join(folder, "secret");
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

  it("refuses a data folder that every user of the machine can move or redirect (skipped on Windows, which has no such rights)", async function () {
    if (process.platform === "win32") this.skip();
    await mkdir(join(folder, "open", "data"), { recursive: true });
    await chmod(join(folder, "open"), 0o777);
    await symlink(join(folder, "open"), join(folder, "link"));
    await symlink(join(folder, "open", "data"), join(folder, "deep"));
    for (const data of ["open/data", "open/new", "link/data", "deep/new"])
      await refuses(/Every user on this machine can write to /, 1, "--data", join(folder, data));
    await chmod(join(folder, "open"), 0o1777);
    const server = await ServerProcess.start("--data", join(folder, "link", "data"));
    servers.push(server);
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
    servers.push(server);
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
