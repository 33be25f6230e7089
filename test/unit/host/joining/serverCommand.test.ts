// The command line of the server's terminal.
import assert from "node:assert/strict";
import { hasArgument, serverCommand } from "../../../../extension/host/joining/serverCommand.ts";

const SCRIPT = "C:\\Users\\Anna B\\.vscode\\extensions\\fork-chat\\dist\\server.js";
const CODE = "C:\\Users\\Anna B\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe";
const CMD = "C:\\Windows\\system32\\cmd.exe";
const WINDOWS = { platform: "win32", execPath: CODE, env: { ComSpec: CMD } } as const;
const VERSIONS = { ...process.versions, electron: "40.0.0" };

describe("the command of the server's terminal", () => {
  it("is the program of the extension host with the script", () => {
    const linux = {
      platform: "linux",
      execPath: "/usr/share/code/code",
      env: {},
      versions: VERSIONS,
    } as const;
    assert.deepEqual(serverCommand("/x y/server.js", ["--port", "8787"], linux), {
      shellPath: "/usr/share/code/code",
      shellArgs: ["/x y/server.js", "--port", "8787"],
    });
  });

  it("goes through cmd.exe on a Windows desktop, where VS Code has no console of its own", () => {
    const { shellPath, shellArgs } = serverCommand(SCRIPT, ["--port", "8787"], {
      ...WINDOWS,
      versions: VERSIONS,
    });
    assert.equal(shellPath, CMD);
    assert.equal(shellArgs, `/d /s /c ""${CODE}" "${SCRIPT}" "--port" "8787""`);
  });

  it("is Node.js itself in a remote window on Windows", () => {
    const versions = { ...process.versions };
    delete versions["electron"];
    const { shellPath, shellArgs } = serverCommand(SCRIPT, [], { ...WINDOWS, versions });
    assert.deepEqual([shellPath, shellArgs], [CODE, [SCRIPT]]);
  });

  it("is searched for whole words", () => {
    for (const versions of [VERSIONS, { ...process.versions }]) {
      const { shellArgs } = serverCommand(SCRIPT, ["--port", "8787"], { ...WINDOWS, versions });
      assert.ok(hasArgument(shellArgs, "8787"));
      assert.ok(!hasArgument(shellArgs, "878"));
    }
  });
});
