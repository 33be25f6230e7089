// What a card that names a common file can make a window read. The files are real; only git is not.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import { findCode } from "../../../extension/host/code/codeFinder.ts";
import { baseTag } from "../../../extension/host/code/codeHashes.ts";
import { KnownBases } from "../../../extension/host/code/knownBases.ts";
import { somePart } from "../../support/sampleValues.ts";

const NAMESAKES = 12;
const OTHERS = 150;
const COMMITTED = 20;
const BYTES = 2 * 1024 * 1024;
const LINES = 20_000;

/** More than that of each kind. */
const MORE = 10;

const CODE = [
  "export function closePool(pool: Pool): void {",
  "  for (const connection of pool.connections) connection.end();",
  "  pool.closed = true;",
  "}",
];

/** Of every file at every commit. */
const COMMITTED_TEXT = [...fillers(5), ...CODE].join("\n");

describe("The search for a card's lines", () => {
  let root: string;
  let folder: vscode.WorkspaceFolder;
  /** Paths of the files that were read, and how often git was asked. */
  let read: string[] = [];
  let committed = 0;

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const find = async (path: string, base = somePart.base, bases = new KnownBases()) => {
    const range = { from: 1, to: CODE.length };
    const part = { ...somePart, before: "", after: "", range, path, ...(base === undefined ? {} : { base }) };
    const found = await findCode(part, CODE.join("\n"), bases, new AbortController().signal);
    return found ?? assert.fail("nothing canceled it");
  };

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-cards-")));
    folder = { uri: vscode.Uri.file(root), name: "project", index: 0 };
    // Searches leave dependencies out, but not for files of the same name: so each kind can be counted by itself.
    await write(".git/config", "");
    for (let n = 0; n < NAMESAKES + MORE; n += 1)
      await write(`node_modules/a${String(n)}/pool.ts`, "export const a = 1;\n");
    for (let n = 0; n < OTHERS + MORE; n += 1)
      await write(`zone/b${String(n)}.ts`, `// ${String(n)}\n${CODE.join("\n")}\n`);
  });
  after(() => rm(root, { recursive: true }));

  beforeEach(() => {
    read = [];
    committed = 0;
    // The suite runs without a folder. Only where the open folder is, is not real.
    mock.getter(vscode.workspace, "workspaceFolders", () => [folder]);
    mock.method(vscode.workspace, "getWorkspaceFolder", (uri: vscode.Uri) =>
      uri.path.startsWith(`${folder.uri.path}/`) ? folder : undefined,
    );
    const findFiles = vscode.workspace.findFiles.bind(vscode.workspace);
    mock.method(vscode.workspace, "findFiles", (include: string, exclude?: string, most?: number) =>
      findFiles(new vscode.RelativePattern(folder, include), exclude, most),
    );
    const { fs } = vscode.workspace;
    const readFile = (uri: vscode.Uri): Thenable<Uint8Array> => {
      if (uri.scheme !== "git") {
        if (!uri.path.includes("/.git/")) read.push(uri.path.slice(root.length + 1));
        return fs.readFile(uri);
      }
      committed += 1;
      return Promise.resolve(new TextEncoder().encode(COMMITTED_TEXT));
    };
    mock.getter(vscode.workspace, "fs", () => ({ stat: fs.stat.bind(fs), readFile }));
  });
  afterEach(() => mock.restoreAll());

  it("reads a bounded number of files and commits, however many are like it, and its author pays for them", async () => {
    // Its base is nowhere.
    const { answer, files, cost } = await find("src/pool.ts");
    const of = (kind: string): number => new Set(read.filter((path) => path.startsWith(kind))).size;
    assert.deepEqual(
      { namesakes: of("node_modules/"), others: of("zone/"), committed },
      { namesakes: NAMESAKES, others: OTHERS, committed: COMMITTED },
    );
    // Files that hold the lines are read again to compare them.
    assert.equal(read.length, NAMESAKES + OTHERS + NAMESAKES);
    assert.equal(answer.state, "unsure");
    assert.ok(files.size <= NAMESAKES + OTHERS, String(files.size));
    assert.ok(cost >= read.length + committed, String(cost));
  });

  it("asks git once for the file that lines come from, and not at all where the user's own is still the same", async () => {
    const base = { tag: baseTag(somePart.salt, COMMITTED_TEXT), from: 6, to: 5 + CODE.length };
    await write("same.ts", COMMITTED_TEXT);
    const same = await find("same.ts", base);
    assert.deepEqual({ state: same.answer.state, committed }, { state: "moved", committed: 0 });

    await write("edited.ts", `// more\n${COMMITTED_TEXT}`);
    const bases = new KnownBases();
    for (let n = 0; n < 2; n += 1) {
      const { answer } = await find("edited.ts", base, bases);
      assert.deepEqual({ state: answer.state, committed }, { state: "moved", committed: 1 });
    }
  });

  for (const [what, tooMuch, linesOf] of [
    ["bytes", "does not read", (more: number) => fillers(1_000, BYTES - CODE.join("\n").length - 1 + more)],
    ["lines", "does not look through", (more: number) => fillers(LINES - CODE.length + more)],
  ] as const)
    it(`${tooMuch} a file with more ${what} than it may`, async () => {
      const path = `${what}.ts`;
      const placesIn = async (lines: readonly string[]): Promise<number> => {
        await write(path, [...lines, ...CODE].join("\n"));
        const { answer } = await find(path);
        return "places" in answer ? answer.places.length : "place" in answer ? 1 : 0;
      };
      assert.equal(await placesIn(linesOf(0)), 1);
      assert.deepEqual(read, [path]);
      assert.equal(await placesIn(linesOf(1)), 0);
      assert.equal(read.length, what === "bytes" ? 1 : 2);
    });
});

/** Lines that are not alike. @param bytes of all, with the breaks between them */
function fillers(count: number, bytes?: number): string[] {
  const lines = Array.from({ length: count }, (_, n) => `// ${String(n)}`);
  if (bytes === undefined) return lines;
  const each = Math.floor(bytes / count) - 1;
  const padded = lines.map((line) => line.padEnd(each, "."));
  const rest = bytes - padded.join("\n").length;
  return [...padded.slice(0, -1), `${padded.at(-1) ?? ""}${".".repeat(rest)}`];
}
