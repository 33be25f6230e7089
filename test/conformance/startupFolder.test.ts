// What the server checks in its data folder before it listens: whose it is, and that no other server uses it.
import assert from "node:assert/strict";
import { existsSync, watch, type FSWatcher } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";
import { StartTrial } from "./startTrial.ts";

describe("the server's start", () => {
  const watchers: FSWatcher[] = [];
  afterEach(() => {
    for (const watcher of watchers.splice(0)) watcher.close();
  });
  const trial = new StartTrial();
  const { exitOf, refuses } = trial;

  describe("with a data folder", () => {
    it("creates a missing folder, for its user only", async () => {
      const data = join(trial.folder, "not", "yet");
      const server = await ServerProcess.start("--data", data);
      trial.servers.push(server);
      await TestClient.join(server.url, "anna");
      await server.stop();
      assert.deepEqual(await readdir(data), ["names.json"]);
    });

    it("rejects a link, even with a trailing slash", async () => {
      await mkdir(join(trial.folder, "real"));
      await symlink(join(trial.folder, "real"), join(trial.folder, "link"));
      await refuses(/is a symbolic link/, 1, "--data", join(trial.folder, "link"));
      await refuses(/is a symbolic link/, 1, "--data", join(trial.folder, "link") + sep);
      await symlink(join(trial.folder, "nowhere"), join(trial.folder, "dangling"));
      await refuses(/is a symbolic link/, 1, "--data", join(trial.folder, "dangling"));
      assert.deepEqual((await readdir(trial.folder)).sort(), ["dangling", "link", "real"]);
    });

    it("rejects a path that is not a folder, or whose parent is not", async () => {
      await writeFile(join(trial.folder, "file"), "");
      await refuses(/is not a folder/, 1, "--data", join(trial.folder, "file"));
      await refuses(/^Cannot use /, 1, "--data", join(trial.folder, "file", "data"));
      await refuses(/--data needs a path/, 2, "--data", "");
      await refuses(/--data needs a path/, 2, "--data", " ");
    });

    it("refuses one that every user can write to (skipped on Windows, which has no such rights)", async function () {
      if (process.platform === "win32") this.skip();
      for (const mode of [0o777, 0o1777, 0o702]) {
        await chmod(trial.folder, mode);
        await refuses(/Every user on this machine can write/, 1, "--data", trial.folder);
      }
      await chmod(trial.folder, 0o770);
      assert.equal((await exitOf("--data", trial.folder)).code, null);
    });

    it("refuses one that it cannot write to (skipped where there is no /proc)", async function () {
      if (process.platform !== "linux") this.skip();
      // Not even root can create a file there.
      await refuses(/^Cannot use /, 1, "--data", "/proc/sys/kernel");
      await refuses(/^Cannot use /, 1, "--data", "/proc/fork-chat");
    });

    it("rejects planted links and leaves their targets alone", async () => {
      const victim = join(trial.folder, "victim");
      for (const name of ["names.json", "names.json.new", "server.lock"]) {
        const data = join(trial.folder, `data-${name}`);
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
      await writeFile(join(trial.folder, "names.json"), '{"version":1,"names":[]}');
      await chmod(join(trial.folder, "names.json"), 0o666);
      await refuses(/Every user on this machine can write/, 1, "--data", trial.folder);
    });

    it("rejects a folder that another server uses, and that server keeps its names", async () => {
      const server = await ServerProcess.start("--data", trial.folder);
      trial.servers.push(server);
      await TestClient.join(server.url, "anna");
      await refuses(/is in use by another server \(process \d+\)/, 1, "--data", trial.folder);
      await server.stop();
      assert.match(await readFile(join(trial.folder, "names.json"), "utf8"), /"anna"/);
      assert.deepEqual(await readdir(trial.folder), ["names.json"]);
      assert.equal((await exitOf("--data", trial.folder)).code, null, "it is free again");
    });

    it("rejects a folder that another server uses, even after someone deleted its lock", async () => {
      const server = await ServerProcess.start("--data", trial.folder);
      trial.servers.push(server);
      const lock = join(trial.folder, "server.lock");
      const isBack = new Promise<void>((resolve) => {
        let isGone = false;
        watchers.push(
          watch(trial.folder, () => {
            if (!existsSync(lock)) isGone = true;
            else if (isGone) resolve();
          }),
        );
      });
      await rm(lock);
      await isBack;
      await refuses(/is in use by another server \(process \d+\)/, 1, "--data", trial.folder);
      await TestClient.join(server.url, "anna");
      const { stderr } = await server.stop();
      assert.doesNotMatch(stderr, /names-not-kept/);
      assert.match(await readFile(join(trial.folder, "names.json"), "utf8"), /"anna"/);
      assert.deepEqual(await readdir(trial.folder), ["names.json"]);
    });

    it("takes a folder over at once from a server that was killed", async () => {
      const server = await ServerProcess.start("--data", trial.folder);
      trial.servers.push(server);
      await server.stop("SIGKILL");
      assert.ok((await readdir(trial.folder)).includes("server.lock"));
      assert.equal((await exitOf("--data", trial.folder)).code, null);
    });

    it("leaves a folder to a server on another host while that one shows activity", async () => {
      const lock = join(trial.folder, "server.lock");
      // This process lives here, which says nothing about that host.
      const holder = { pid: process.pid, host: "elsewhere", started: "1" };
      await writeFile(lock, JSON.stringify(holder));
      await refuses(
        /in use by another server \(on another machine or in another container\)/,
        1,
        "--data",
        trial.folder,
      );
      assert.equal(await readFile(lock, "utf8"), JSON.stringify(holder));
      for (const text of [JSON.stringify(holder), "", "{", JSON.stringify({ ...holder, pid: "1" })]) {
        await writeFile(lock, text);
        await utimes(lock, 1, 1);
        assert.equal((await exitOf("--data", trial.folder)).code, null, text);
      }
    });

    it("gives a folder to only one of many servers that start at once", async () => {
      await writeFile(join(trial.folder, "server.lock"), "{");
      await utimes(join(trial.folder, "server.lock"), 1, 1);
      const started = Array.from(
        { length: 6 },
        () => new ServerProcess(["--port", "0", "--data", trial.folder]),
      );
      trial.servers.push(...started);
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
      const server = await ServerProcess.start("--data", trial.folder);
      trial.servers.push(server);
      const other = JSON.stringify({ pid: 1, host: "elsewhere", started: "" });
      await writeFile(join(trial.folder, "server.lock"), other);
      await TestClient.join(server.url, "anna");
      const { stderr } = await server.stop();
      assert.match(stderr, /names-not-kept.*another server is using the data folder/);
      assert.deepEqual(await readdir(trial.folder), ["server.lock"]);
      assert.equal(await readFile(join(trial.folder, "server.lock"), "utf8"), other);
    });

    it("follows no link that is planted while it runs", async () => {
      const victim = join(trial.folder, "victim");
      await writeFile(victim, "precious");
      const data = join(trial.folder, "data");
      const server = await ServerProcess.start("--data", data);
      trial.servers.push(server);
      await symlink(victim, join(data, "names.json.new"));
      await TestClient.join(server.url, "anna");
      await server.stop();
      assert.equal(await readFile(victim, "utf8"), "precious");
      assert.match(await readFile(join(data, "names.json"), "utf8"), /"anna"/);
    });
  });

  it("refuses a data folder that every user of the machine can move or redirect (skipped on Windows, which has no such rights)", async function () {
    if (process.platform === "win32") this.skip();
    await mkdir(join(trial.folder, "open", "data"), { recursive: true });
    await chmod(join(trial.folder, "open"), 0o777);
    await symlink(join(trial.folder, "open"), join(trial.folder, "link"));
    await symlink(join(trial.folder, "open", "data"), join(trial.folder, "deep"));
    for (const data of ["open/data", "open/new", "link/data", "deep/new"])
      await refuses(/Every user on this machine can write to /, 1, "--data", join(trial.folder, data));
    await chmod(join(trial.folder, "open"), 0o1777);
    const server = await ServerProcess.start("--data", join(trial.folder, "link", "data"));
    trial.servers.push(server);
  });
});
