// What the buttons of a card do in a real VS Code, for each answer of a search.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { CodeMatch, Entry, HostMessage } from "../../../protocol/webview.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type { State } from "../../../extension/core/model/state.ts";
import { fromEntries } from "../../../extension/core/model/transcript.ts";
import { LOBBY } from "../../../extension/core/model/session.ts";
import { CodeCards } from "../../../extension/host/code/codeCards.ts";
import type { Found } from "../../../extension/host/code/codeFinder.ts";
import { searchKey } from "../../../extension/host/code/codeSearches.ts";
import { FileOpener } from "../../../extension/host/code/fileOpener.ts";
import { online } from "../../support/core.ts";
import { somePart } from "../../support/sampleValues.ts";

const OWN = ["zero", "one", "two", "three", "four"];

describe("A card's buttons", () => {
  const { text, at } = writeCode({ words: "", heading: "", code: "two\nthree" }, somePart);
  const entry = {
    kind: "message",
    from: "bobby",
    own: false,
    at: 1,
    text,
    part: { ...somePart, at },
  } as const;
  const [lobby, ...others] = online.sessions;
  const withEntries = (...entries: readonly Entry[]): State => ({
    ...online,
    sessions: [{ ...lobby, transcript: fromEntries(entries) }, ...others],
  });
  const sent = withEntries(entry);
  let state = sent;
  let tell: (before: State, after: State) => void = () => undefined;
  const become = (next: State): void => {
    const before = state;
    state = next;
    tell(before, state);
  };

  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const posted: HostMessage[] = [];
  const shown: string[] = [];
  const stale = new vscode.EventEmitter<string>();
  let found: Found | null = null;
  let urgent: boolean | undefined;
  let folder: string;
  let own: vscode.Uri;
  let provider: vscode.Disposable;
  let cards: CodeCards;

  before(async () => {
    provider = vscode.workspace.registerTextDocumentContentProvider("sent", {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ path }) => texts.get(path) ?? "",
    });
    folder = await mkdtemp(join(tmpdir(), "fork-chat-cards-"));
    own = vscode.Uri.file(join(folder, "a.ts"));
    await writeFile(own.fsPath, OWN.join("\n"));
    cards = new CodeCards({
      store: {
        get state() {
          return state;
        },
        onChange: (listener) => {
          tell = listener;
          return { dispose: () => undefined };
        },
      },
      searches: {
        onStale: stale.event,
        find: (_, isUrgent) => {
          urgent = isUrgent;
          return Promise.resolve(found);
        },
      },
      documents: {
        put: (title, content) => {
          const uri = vscode.Uri.from({ scheme: "sent", path: `/${title}` });
          texts.set(uri.path, content);
          changed.fire(uri);
          return uri;
        },
        has: ({ path }) => texts.has(path),
      },
      files: new FileOpener(() => vscode.ViewColumn.One),
    });
  });
  beforeEach(() => {
    for (const list of [posted, shown]) list.length = 0;
    state = sent;
    texts.clear();
    // The suite runs without a folder.
    mock.method(vscode.workspace, "asRelativePath", (uri: vscode.Uri) => uri.path.slice(folder.length + 1));
    mock.method(vscode.window, "showInformationMessage", (said: string) => {
      shown.push(said);
      return Promise.resolve(undefined);
    });
  });
  afterEach(async () => {
    mock.restoreAll();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  after(async () => {
    for (const part of [cards, stale, changed, provider]) part.dispose();
    await rm(folder, { recursive: true });
  });

  const press = (action: "match" | "open" | "compare", index = 0): Promise<void> =>
    cards.answer({ type: "code", action, session: LOBBY, index }, (message) => posted.push(message));
  const place = (from: number, to: number) => ({ file: own, span: { from, to } });
  const matched = (): CodeMatch => {
    const [message, ...more] = posted;
    assert.deepEqual(more, []);
    return message?.type === "match" ? message.match : assert.fail("no match is told");
  };
  const active = (): vscode.TextEditor => vscode.window.activeTextEditor ?? assert.fail("no editor");
  /** What is chosen of the places that are offered, if any. */
  const choosing = (pick: number | null) =>
    mock.method(vscode.window, "showQuickPick", (items: readonly vscode.QuickPickItem[]) =>
      Promise.resolve(pick === null ? undefined : items[pick]),
    );
  const compared = (): readonly [string, string] => {
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    return input instanceof vscode.TabInputTextDiff
      ? [input.original.scheme, input.modified.toString()]
      : assert.fail("nothing is compared");
  };

  it("open the lines in the user's own file, also if they have moved or changed", async () => {
    for (const name of ["same", "moved", "changed"] as const) {
      found = { state: name, place: place(2, 3) };
      await press("open");
      const { document, selection } = active();
      assert.equal(document.uri.toString(), own.toString());
      assert.equal(selection.active.line, 2);
      assert.deepEqual(matched().place, { path: "a.ts", range: { from: 3, to: 4 } });
      assert.equal(urgent, true);
      posted.length = 0;
    }
  });

  it("only tell where they are when the card is seen", async () => {
    found = { state: "moved", place: place(2, 3) };
    await press("match");
    assert.equal(matched().state, "moved");
    assert.deepEqual([urgent, vscode.window.activeTextEditor], [false, undefined]);
  });

  it("show what was sent where no place is certain, and compare it with the place that is chosen", async () => {
    const pick = choosing(1);
    found = { state: "unsure", places: [place(0, 1), place(2, 3)] };
    await press("open");
    assert.deepEqual(matched(), { state: "unsure" });
    const [items, options] = pick.mock.calls[0]?.arguments as [
      readonly vscode.QuickPickItem[],
      vscode.QuickPickOptions,
    ];
    assert.deepEqual(
      items.map(({ label }) => label),
      ["a.ts:1-2", "a.ts:3-4"],
    );
    assert.equal(options.title, "It is not certain where src/a.ts:12-13 is in your files");
    const [sent, modified] = compared();
    assert.deepEqual([sent, modified], ["sent", own.toString()]);
    assert.ok(
      [...texts.values()].includes(OWN.join("\n")),
      "the file with what was sent at the chosen lines",
    );
  });

  it("leave what was sent open when no place is chosen", async () => {
    choosing(null);
    for (const action of ["open", "compare"] as const) {
      found = { state: "unsure", places: [place(0, 1)] };
      await press(action);
      assert.deepEqual([active().document.uri.scheme, active().document.getText()], ["sent", "two\nthree"]);
      assert.equal(active().document.languageId, "typescript");
    }
  });

  it("say so where there is no place to choose", async () => {
    const pick = choosing(0);
    found = { state: "unsure", places: [] };
    await press("open");
    assert.equal(pick.mock.callCount(), 0);
    assert.match(shown.join(), /no place is certain\. This is what was sent\./);
    assert.equal(active().document.uri.scheme, "sent");
  });

  describe("show what was sent only as long as the conversation has it, which ends when", () => {
    const gone = "This code is no longer in the conversation.";
    const edited = writeCode({ words: "", heading: "", code: "two\nfour" }, somePart);
    const bye = { kind: "message", from: "bobby", own: false, at: 2, text: "bye" } as const;
    const until = (document: vscode.TextDocument, text: string): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (document.getText() !== text) return;
          subscription.dispose();
          resolve();
        };
        const subscription = vscode.workspace.onDidChangeTextDocument(check);
        check();
      });
    const documents = (): vscode.TextDocument[] =>
      vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "sent" && texts.has(uri.path));

    for (const [what, next] of [
      ["it is retracted", withEntries({ ...bye, text: "", retracted: true })],
      ["it is edited", withEntries({ ...entry, text: edited.text })],
      ["the history is cleared", withEntries()],
      ["the user leaves the server", { ...sent, me: null }],
    ] as const)
      it(what, async () => {
        found = { state: "gone" };
        await press("open");
        found = { state: "moved", place: place(0, 0) };
        await press("compare");
        const open = documents();
        assert.equal(open.length, 2);
        become({ ...sent, sessions: withEntries(entry, bye).sessions });
        assert.ok(![...texts.values()].includes(gone), "another message changes nothing");
        become(next);
        for (const document of open) await until(document, gone);
        assert.deepEqual([...texts.values()], [gone, gone]);
      });
  });

  it("show what was sent where the lines are not found", async () => {
    found = { state: "gone" };
    await press("open");
    assert.equal(active().document.getText(), "two\nthree");
    await press("compare");
    assert.match(shown.join(), /aren't in your files/);
  });

  it("compare what was sent with the lines that were found", async () => {
    texts.clear();
    found = { state: "changed", place: place(0, 1) };
    await press("compare");
    assert.deepEqual(compared(), ["sent", own.toString()]);
    assert.deepEqual([...texts.values()], ["two\nthree\ntwo\nthree\nfour"]);
  });

  it("do nothing for a message that is gone, or when the search was dropped", async () => {
    found = { state: "same", place: place(0, 1) };
    await press("open", 1);
    found = null;
    await press("open");
    assert.deepEqual([posted, vscode.window.activeTextEditor], [[], undefined]);
  });

  it("tell the page when an answer is old", async () => {
    found = { state: "same", place: place(0, 1) };
    let told: () => void = () => undefined;
    const isTold = new Promise<void>((resolve) => (told = resolve));
    await cards.answer({ type: "code", action: "match", session: LOBBY, index: 0 }, (message) => {
      if (message.type === "stale") told();
    });
    stale.fire(searchKey({ ...somePart, at }, "two\nthree"));
    await isTold;
  });
});
