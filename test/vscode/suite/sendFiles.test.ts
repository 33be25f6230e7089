// Files that are offered: those of the Explorer's menu, also from elsewhere than this disk, and what is said of others.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { FileId, OPEN_OFFERS, type FilePart } from "../../../protocol/bulk.ts";
import type { State } from "../../../extension/core/model/state.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import { COPY_BYTES } from "../../../extension/host/transfers/chosenFiles.ts";
import { FileOffers } from "../../../extension/host/transfers/fileOffers.ts";
import { sid, withBobby } from "../../support/core.ts";

/** A disk that is not this one: VS Code hands its files over as a whole. */
class OtherDisk implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  reads = 0;
  lastRead = "";
  stat({ path }: vscode.Uri): vscode.FileStat {
    const type = path.endsWith("/folder") ? vscode.FileType.Directory : vscode.FileType.File;
    if (path.endsWith("/missing")) throw vscode.FileSystemError.FileNotFound();
    return { type, ctime: 0, mtime: 0, size: path.endsWith("/huge.bin") ? COPY_BYTES + 1 : 5 };
  }
  readFile({ path }: vscode.Uri): Uint8Array {
    this.reads += 1;
    this.lastRead = path;
    return new TextEncoder().encode("hello");
  }
  watch = (): vscode.Disposable => new vscode.Disposable(() => undefined);
  readDirectory = (): [string, vscode.FileType][] => [];
  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;
}

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}

describe("files that are sent", () => {
  const offered: { readonly part: FilePart; readonly path: string }[] = [];
  const said: string[] = [];
  const warned: string[] = [];
  const asked: string[] = [];
  const withdrawn: string[] = [];
  const disk = new OtherDisk();
  let root: string;
  let provider: vscode.Disposable;
  let isAgreed = true;
  let isFull = false;
  /** What happens while the user is asked. */
  let meanwhile: () => void = () => undefined;

  const bobby = sessionNumber(1);
  const withActive: State = { ...withBobby, active: bobby };
  let state = withActive;
  /** The user has quit and joined again, and someone else has the number of the session. */
  const replaceSession = (): void => {
    const [lobby, ...peers] = state.sessions;
    const others = peers.map((each) => ({ ...each, sid: sid("carmen"), peer: "carmen" }));
    state = { ...state, sessions: [lobby, ...others] };
  };
  const offers = new FileOffers({
    store: {
      get state() {
        return state;
      },
      dispatch: () => undefined,
      request: (event) => {
        const made = event(1);
        if (made.type === "user/say") said.push(made.text);
        return Promise.resolve(
          isFull ? { ok: false, code: "window-full", text: "Too many wait." } : { ok: true },
        );
      },
    },
    transfers: {
      withdrawn: (_session, id) => {
        withdrawn.push(id);
      },
      copyPath: (_session, id) => join(root, "transfers", `${id}.copy`),
      offer: (_session, part, path) => {
        offered.push({ part, path });
        return Promise.resolve(true);
      },
    },
    show: () => undefined,
    offered: () => undefined,
    questions: {
      maySay: ({ path }) => {
        asked.push(path);
        meanwhile();
        return Promise.resolve(isAgreed);
      },
    },
  });
  const file = (name: string) => vscode.Uri.file(join(root, name));
  const elsewhere = (name: string) => vscode.Uri.parse(`elsewhere:/home/anna/${name}`);

  before(async () => {
    provider = vscode.workspace.registerFileSystemProvider("elsewhere", disk, { isReadonly: true });
    root = await mkdtemp(join(tmpdir(), "fork-chat-sent-"));
    await mkdir(join(root, "folder"));
    for (const name of ["a.txt", "b.txt"]) await writeFile(join(root, name), name);
  });
  after(async () => {
    provider.dispose();
    await rm(root, { recursive: true });
  });
  beforeEach(() => {
    for (const list of [offered, said, warned, asked, withdrawn]) list.length = 0;
    [isAgreed, isFull, state, meanwhile] = [true, false, withActive, () => undefined];
    disk.reads = 0;
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      warned.push(text);
      return Promise.resolve(undefined);
    });
  });
  afterEach(() => mock.restoreAll());

  it("are all that are selected in the Explorer, in their order", async () => {
    await offers.sendFile(file("b.txt"), [file("a.txt"), file("b.txt")]);
    assert.deepEqual(said, ["File: a.txt (5 bytes)", "File: b.txt (5 bytes)"]);
    assert.deepEqual(warned, []);
  });

  it("are the one under the mouse if the menu names no others", async () => {
    await offers.sendFile(file("b.txt"), undefined);
    assert.deepEqual(said, ["File: b.txt (5 bytes)"]);
  });

  it("are no folders: it is said, and the others go", async () => {
    await offers.sendFile(file("a.txt"), [file("folder"), file("a.txt"), elsewhere("folder")]);
    assert.deepEqual(said, ["File: a.txt (5 bytes)"]);
    assert.deepEqual(warned, [
      "folder is a folder. Send its files, or an archive of it. (1 more weren't sent.)",
    ]);
  });

  it("do not keep the command waiting until the user closes what is said about the others", async () => {
    mock.method(vscode.window, "showWarningMessage", () => new Promise<never>(() => undefined));
    await offers.sendFile(file("a.txt"), [file("folder"), file("a.txt")]);
    assert.deepEqual(said, ["File: a.txt (5 bytes)"]);
  });

  it("are read from a copy if they are not on this disk", async () => {
    await offers.sendFile(elsewhere("notes.md"), undefined);
    const [only] = offered;
    assert.equal(only?.part.name, "notes.md");
    assert.equal(await readFile(only.path, "utf8"), "hello");
    // What it is called there says whether it may hold secrets.
    assert.deepEqual(asked, ["/home/anna/notes.md"]);
  });

  it("leave no copy if the user does not want to send them after all", async () => {
    isAgreed = false;
    await rm(join(root, "transfers"), { recursive: true, force: true });
    await offers.sendFile(elsewhere(".env"), undefined);
    assert.deepEqual([asked, offered, warned], [["/home/anna/.env"], [], []]);
    assert.deepEqual(await readdir(join(root, "transfers")), []);
  });

  it("can be offered again with their copy when their message could not be sent", async () => {
    const [, session] = state.sessions;
    assert.ok(session !== undefined);
    const prepared = await offers.prepare(session, { name: "a.png", bytes: Uint8Array.of(1, 2) });
    assert.ok(prepared.ok);
    isFull = true;
    assert.deepEqual(await offers.offer(session, prepared.value), { ok: false, error: "Too many wait." });
    isFull = false;
    assert.deepEqual(await offers.offer(session, prepared.value), { ok: true, value: true });
    assert.deepEqual([withdrawn, new Set(offered.map(({ path }) => path)).size], [[], 1]);
  });

  it("take their copy along from a session that has ended", async () => {
    const [, session] = state.sessions;
    assert.ok(session !== undefined);
    const path = join(root, "old.copy");
    await writeFile(path, "old");
    const file = {
      id: v.parse(FileId, `${"a".repeat(21)}A`),
      ...{ name: "a.png", size: 3, path, shownPath: "a.png" },
      copied: true,
    } as const;
    const adopted = await offers.adopt(session, file);
    assert.equal(await readFile(adopted.path, "utf8"), "old");
    assert.equal(adopted.path, join(root, "transfers", `${file.id}.copy`));
    assert.equal(await offers.adopt(session, adopted), adopted);
    const gone = { ...file, path: join(root, "gone.copy") };
    assert.equal(await offers.adopt(session, gone), gone);
  });

  it("go to no one else who has the number of the session by then: chosen in a box", async () => {
    mock.method(vscode.window, "showOpenDialog", () => {
      replaceSession();
      return Promise.resolve([file("a.txt"), file("b.txt")]);
    });
    await offers.sendFile(undefined, undefined);
    assert.deepEqual([asked, offered, said], [[], [], []]);
    assert.match(warned.join(), /no longer in this conversation/u);
  });

  it("go to no one else who has the number of the session by then: after a question", async () => {
    meanwhile = replaceSession;
    await offers.sendFile(file("a.txt"), undefined);
    assert.deepEqual([withdrawn, said], [[offered[0]?.part.id, offered[0]?.part.id], []]);
    assert.match(warned.join(), /no longer in this conversation/u);
  });

  it("are as many as one person can be offered; the user is asked about no others", async () => {
    const many = Array.from({ length: OPEN_OFFERS + 2 }, (_, n) => file(n % 2 === 0 ? "a.txt" : "b.txt"));
    await offers.sendFile(file("a.txt"), many);
    assert.deepEqual([offered.length, asked.length], [OPEN_OFFERS, OPEN_OFFERS]);
    assert.match(warned.join(), /too many files already wait for bobby\. \(1 more/u);
  });

  for (const [typed, path] of [
    ["src/a.txt", "/home/anna/project/src/a.txt"],
    ["../b?c#d.txt", "/home/anna/b?c#d.txt"],
    ["/etc/hosts", "/etc/hosts"],
  ] as const) {
    it(`are read from the disk that the open folder is on: ${typed}`, async () => {
      mock.getter(vscode.workspace, "workspaceFolders", () => [{ uri: elsewhere("project") }]);
      await offers.sendFile(typed, undefined);
      assert.deepEqual([asked, warned, disk.lastRead], [[path], [], path]);
    });
  }

  it("are read from this disk if its open folder, its root or the home folder is named", async () => {
    mock.getter(vscode.workspace, "workspaceFolders", () => [{ uri: vscode.Uri.file(root) }]);
    const missing = `fork-chat-${String(process.pid)}`;
    for (const typed of ["a.txt", "folder/../b.txt", join(root, "a.txt")])
      await offers.sendFile(typed, undefined);
    assert.deepEqual(
      asked,
      ["a.txt", "b.txt", "a.txt"].map((name) => join(root, name)),
    );
    mock.getter(vscode.workspace, "workspaceFolders", () => [{ uri: elsewhere("project") }]);
    await offers.sendFile(`~/${missing}`, undefined);
    assert.deepEqual(warned, [`There's no file at ${join(homedir(), missing)}.`]);
    assert.equal(disk.reads, 0);
  });

  it("are not read from elsewhere if they are large or gone", async () => {
    await offers.sendFile(elsewhere("huge.bin"), undefined);
    await offers.sendFile(elsewhere("missing"), undefined);
    assert.equal(disk.reads, 0);
    assert.match(warned.join(), /huge\.bin is too large.*no file at \/home\/anna\/missing/u);
  });
});
