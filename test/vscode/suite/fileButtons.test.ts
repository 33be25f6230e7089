// What the buttons of cards do with files: one question for all that wait, and a copy of a picture that came without asking.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { FilePart } from "../../../protocol/bulk.ts";
import { offerText } from "../../../protocol/fileText.ts";
import type { KeptFile } from "../../../protocol/webview.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import type { State } from "../../../extension/core/model/state.ts";
import { FileCards } from "../../../extension/host/transfers/fileCards.ts";
import { after as taking, frame, NOW, withBobby } from "../../support/core.ts";
import { mapMemory } from "../../support/mapMemory.ts";
import { fileId } from "../../support/fileIds.ts";

const BOBBY = sessionNumber(1);
const { sid } = withBobby.sessions[1] ?? assert.fail();
const partOf = (n: number): FilePart =>
  v.parse(FilePart, { kind: "file", id: fileId(n), name: `${n}.png`, size: 10 });

describe("the buttons of files", () => {
  const accepted: string[] = [];
  const saved: string[] = [];
  const declined: string[] = [];
  const canceled: string[] = [];
  let root: string;
  let state: State;
  let questions = 0;
  let delivered: string | null;
  const memory = new Map<string, unknown>();
  let cards: FileCards;

  const offer = (n: number): void => {
    const [text, part] = [offerText(partOf(n)), partOf(n)];
    const status = {
      way: "in",
      phase: { phase: "offered" },
      size: 10,
      bytes: 0,
      rate: null,
      secondsLeft: null,
    } as const;
    state = taking(state, frame("bobby", { type: "message", seq: n, at: NOW, text, part }), {
      type: "transfer/changed",
      transfer: { ...status, sid, id: fileId(n) },
    });
  };
  const index = () => (state.sessions[1]?.transcript.end ?? 0) - 1;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "fork-chat-buttons-"));
    for (const list of [accepted, saved, declined, canceled]) list.length = 0;
    [state, questions, delivered] = [withBobby, 0, null];
    cards = new FileCards({
      store: {
        get state() {
          return state;
        },
      },
      transfers: {
        accept: (_session, { name }, folder) => {
          accepted.push(`${name} ${folder ?? ""}`);
          return Promise.resolve();
        },
        cancel: (_session, { name }) => {
          canceled.push(name);
        },
        deliveredPath: () => delivered,
        needsFolder: () => false,
        pause: () => undefined,
        resume: () => undefined,
      },
      memory: mapMemory(() => memory),
      kept: { pathOf: ({ path }) => join(root, path) },
      pictures: {
        saved: (_session, { name }) => saved.push(name),
        declined: (_session, { name }) => declined.push(name),
      },
    });
    mock.method(vscode.window, "showOpenDialog", () => {
      questions += 1;
      return Promise.resolve([vscode.Uri.file(join(root, "mine"))]);
    });
    await mkdir(join(root, "mine"));
  });
  afterEach(async () => {
    mock.restoreAll();
    await rm(root, { recursive: true });
  });

  it("save all that wait for an answer, after one question", async () => {
    for (const n of [1, 2, 3]) offer(n);
    await cards.saveAll();
    const folder = join(root, "mine");
    assert.deepEqual(accepted, [`1.png ${folder}`, `2.png ${folder}`, `3.png ${folder}`]);
    assert.equal(questions, 1);
  });

  it("say that there is nothing to save", async () => {
    const told: string[] = [];
    mock.method(vscode.window, "showInformationMessage", (text: string) => {
      told.push(text);
      return Promise.resolve(undefined);
    });
    await cards.saveAll();
    assert.deepEqual([told, questions], [["There are no files to save."], 0]);
  });

  it("decline what came without asking, where it is kept", () => {
    offer(1);
    offer(2);
    const kept: KeptFile = { path: `${"0".repeat(32)}/${"1".repeat(32)}/1.png`, unsaved: true };
    state = taking(state, { type: "file/kept", sid, id: fileId(1), own: false, kept });
    for (const at of [index() - 1, index()])
      cards.act({ type: "file", action: "cancel", session: BOBBY, index: at });
    assert.deepEqual([declined, canceled], [["1.png"], ["2.png"]]);
  });

  describe("show", () => {
    const [ran, told]: [string[], string[]] = [[], []];
    const press = async (isDesktop: boolean, kept?: KeptFile): Promise<void> => {
      [ran.length, told.length] = [0, 0];
      mock.getter(vscode.env, "uiKind", () => (isDesktop ? vscode.UIKind.Desktop : vscode.UIKind.Web));
      const done = new Promise<void>((resolve) => {
        mock.method(vscode.commands, "executeCommand", (command: string, { fsPath }: vscode.Uri) => {
          ran.push(`${command} ${fsPath}`);
          resolve();
          return Promise.resolve();
        });
        mock.method(vscode.window, "showInformationMessage", (text: string) => {
          told.push(text);
          resolve();
          return Promise.resolve(undefined);
        });
      });
      offer(1);
      if (kept !== undefined)
        state = taking(state, { type: "file/kept", sid, id: fileId(1), own: false, kept });
      cards.act({ type: "file", action: "show", session: BOBBY, index: index() });
      await done;
    };
    beforeEach(async () => {
      delivered = join(root, "mine", "1.png");
      await writeFile(delivered, "pixels");
    });

    it("a saved file in the system's file manager", async () => {
      await press(true);
      assert.deepEqual(ran, [`revealFileInOS ${String(delivered)}`]);
    });

    it("a saved file in VS Code if the window is in a browser: in the Explorer, if it is there", async () => {
      await press(false);
      assert.deepEqual(ran, [`vscode.open ${String(delivered)}`]);
      mock.restoreAll();
      mock.method(vscode.workspace, "getWorkspaceFolder", () => ({ uri: vscode.Uri.file(root) }));
      await press(false);
      assert.deepEqual(ran, [`revealInExplorer ${String(delivered)}`]);
    });

    it("a picture that came without asking in VS Code: a saved copy can be anywhere", async () => {
      const path = `${"0".repeat(32)}/${"1".repeat(32)}/1.png`;
      delivered = join(root, path);
      await press(true, { path });
      assert.deepEqual(ran, [`vscode.open ${delivered}`]);
      await mkdir(join(root, "mine", "2"));
      delivered = join(root, "mine", "2");
      mock.restoreAll();
      await press(true, { path });
      assert.deepEqual(ran, [`revealFileInOS ${delivered}`]);
    });

    it("that a saved file is no longer there", async () => {
      await rm(delivered ?? assert.fail());
      await press(true);
      assert.deepEqual([ran, told], [[], ["1.png is no longer where it was saved."]]);
    });
  });

  it("copy a picture that came without asking, under a name that is free", async () => {
    offer(1);
    const kept: KeptFile = { path: `${"0".repeat(32)}/${"1".repeat(32)}/1.png`, unsaved: true };
    state = taking(state, { type: "file/kept", sid, id: fileId(1), own: false, kept });
    await mkdir(join(root, "0".repeat(32), "1".repeat(32)), { recursive: true });
    await writeFile(join(root, kept.path), "pixels");
    await writeFile(join(root, "mine", "1.png"), "another");
    cards.act({ type: "file", action: "save", session: BOBBY, index: index() });
    while (saved.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual((await readdir(join(root, "mine"))).sort(), ["1 (2).png", "1.png"]);
    assert.equal(await readFile(join(root, "mine", "1 (2).png"), "utf8"), "pixels");
    assert.deepEqual(accepted, []);
  });
});
