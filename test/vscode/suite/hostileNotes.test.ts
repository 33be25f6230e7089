// Notes in editors, as others can change what they are made of: they stay true to the conversation, and replies go nowhere else.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { NewNotes } from "../../../extension/host/code/newNotes.ts";
import { EditorNotes, type FindNote } from "../../../extension/host/code/editorNotes.ts";
import type { CoreEvent } from "../../../extension/core/model/events.ts";
import type { State } from "../../../extension/core/model/state.ts";
import type { Shared } from "../../../extension/host/code/mayShare.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type { CodePart } from "../../../protocol/part.ts";
import {
  after as stateAfter,
  frame,
  introduce,
  invite,
  linked,
  NOW,
  online,
  type,
  withBobby,
} from "../../support/core.ts";
import { somePart } from "../../support/sampleValues.ts";

/** Starts no extension that would report problems to the tests beside this one. */
const PATH = "notes.txt";

type Thread = vscode.CommentThread & { isDisposed: boolean };

const card = (
  seq: number,
  part: Partial<CodePart> = {},
  about?: { kind: "edit"; seq: number },
  code = "a\nb",
  from = "bobby",
) => {
  const whole = { ...somePart, kind: "code" as const, path: PATH, ...part } as CodePart;
  const { text, at } = writeCode({ words: "", heading: "", code }, whole);
  return frame(from, {
    ...{ type: "message", seq, at: NOW, text, part: { ...whole, at } },
    ...(about === undefined ? {} : { about }),
  });
};

describe("Notes that others change", () => {
  let state: State = withBobby;
  let changed: (before: State, after: State) => void = () => undefined;
  const threads: Thread[] = [];
  const sent: CoreEvent[] = [];
  const asked: Shared[] = [];
  const warned: string[] = [];
  let isAgreed = true;
  let onAsked: () => void = () => undefined;
  let line = 0;
  const sought: string[] = [];
  let notes: EditorNotes;
  let uri: vscode.Uri;

  const store = {
    get state() {
      return state;
    },
    onChange: (listener: typeof changed) => {
      changed = listener;
      return { dispose: () => undefined };
    },
    request: (event: (request: number) => CoreEvent) => {
      sent.push(event(1));
      return Promise.resolve({ ok: true as const });
    },
  };
  const questions = {
    mayShare: (shared: Shared) => {
      asked.push(shared);
      onAsked();
      return Promise.resolve(isAgreed);
    },
    maySay: (shared: Shared) => {
      asked.push(shared);
      onAsked();
      return Promise.resolve(isAgreed);
    },
  };
  const controller = {
    createCommentThread: (where: vscode.Uri, range: vscode.Range, comments: vscode.Comment[]) => {
      const thread = {
        ...{ uri: where, range, comments, isDisposed: false, canReply: true },
        collapsibleState: vscode.CommentThreadCollapsibleState.Collapsed,
        dispose: () => (thread.isDisposed = true),
      } as unknown as Thread;
      threads.push(thread);
      return thread;
    },
  } as unknown as vscode.CommentController;
  const find: FindNote = ({ part }) => {
    sought.push(part.path);
    line += 10;
    return Promise.resolve({ uri, lines: { from: line, to: line } });
  };

  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  const become = async (next: State, ms = 300): Promise<void> => {
    const before = state;
    state = next;
    changed(before, state);
    mock.timers.tick(ms);
    await turn();
  };
  const living = (): Thread[] => threads.filter(({ isDisposed }) => !isDisposed);

  before(async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`untitled:/${PATH}`));
    await vscode.window.showTextDocument(document);
    uri = document.uri;
  });
  after(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  beforeEach(async () => {
    for (const list of [threads, sent, asked, warned, sought]) list.length = 0;
    isAgreed = true;
    onAsked = () => undefined;
    state = withBobby;
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      warned.push(text);
      return Promise.resolve(undefined);
    });
    notes = new EditorNotes({
      ...{ store, controller, find, questions, isWanted: () => true },
      resolved: { has: () => false, add: () => undefined },
    });
    await become(stateAfter(withBobby, card(1)));
    assert.equal(living().length, 1);
  });
  afterEach(() => {
    notes.dispose();
    mock.timers.reset();
    mock.restoreAll();
  });

  it("are looked for again when their lines are edited", async () => {
    const [first] = living();
    const range = { from: 40, to: 41 };
    await become(stateAfter(state, card(2, { range }, { kind: "edit", seq: 1 })));
    assert.equal(first?.isDisposed, true);
    assert.deepEqual(
      living().map((thread) => thread.range?.start.line),
      [20],
    );
  });

  it("are shown, and vanish, however fast messages come", async () => {
    for (let seq = 2; seq < 8; seq += 1)
      await become(
        stateAfter(state, card(seq, { salt: `${somePart.salt.slice(0, -1)}${seq}` as never })),
        100,
      );
    assert.ok(living().length > 3, String(living().length));
  });

  it("are not drawn again for a message that is not about them", async () => {
    const [thread] = living();
    const comments = thread?.comments;
    await become(stateAfter(state, frame("bobby", { type: "message", seq: 2, at: NOW, text: "hi" })));
    assert.equal(thread?.comments, comments);
  });

  it("are not shown for people who are blocked", async () => {
    const [person] = state.people;
    assert.ok(person !== undefined);
    await become({ ...state, people: [{ ...person, name: "bobby", blocked: true }] });
    assert.deepEqual(living(), []);
  });

  it("are answered after a question, if the words look like a secret to it", async () => {
    const [thread = assert.fail()] = living();
    isAgreed = false;
    await notes.reply(thread, "my secret");
    assert.deepEqual([asked.at(-1)?.text, sent], ["my secret", []]);
    isAgreed = true;
    await notes.reply(thread, "my secret");
    assert.equal(sent.length, 1);
  });

  describe("of a session whose number another one has got", () => {
    /** Carmen has sent the same lines, as the same message of the session. */
    const withCarmen = stateAfter(
      stateAfter(online, type("\\fork carmen"), introduce("w.1", "carmen"), linked("carmen")),
      card(1, {}, undefined, "a\nb", "carmen"),
    );

    it("are not answered there", async () => {
      const [thread = assert.fail()] = living();
      state = withCarmen;
      await notes.reply(thread, "for bobby");
      assert.deepEqual([asked, sent], [[], []]);
    });

    it("are not answered there either if that was only while the user was asked", async () => {
      const [thread = assert.fail()] = living();
      onAsked = () => (state = withCarmen);
      await notes.reply(thread, "for bobby");
      assert.deepEqual([asked.length, sent], [1, []]);
      assert.match(warned.join(), /no longer in this conversation/);
    });
  });

  it("go to no one else while they are new", async () => {
    mock.timers.reset();
    state = { ...withBobby, active: withBobby.sessions[1]?.number ?? assert.fail() };
    const fresh = new NewNotes({ store, controller, questions });
    const editor = vscode.window.activeTextEditor ?? assert.fail("no editor");
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "const one = 1;\n"));
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await fresh.start();
    const thread = threads.at(-1) ?? assert.fail();
    const [written = assert.fail()] = thread.comments;
    thread.comments = [{ ...written, body: "for bobby" }];
    const [withBobbyActive, withCarmen] = [state, stateAfter(online, invite("carmen"), linked("carmen"))];
    state = withCarmen;
    await fresh.send(thread, () => undefined);
    state = withBobbyActive;
    onAsked = () => (state = withCarmen);
    await fresh.send(thread, () => undefined);
    assert.deepEqual(sent, []);
    assert.deepEqual(
      warned.map((text) => /no longer in this conversation/.test(text)),
      [true, true],
    );
    const isKept = (): void =>
      assert.deepEqual(
        thread.comments.map(({ body, mode }) => [body, mode]),
        [["for bobby", vscode.CommentMode.Editing]],
      );
    isKept();
    onAsked = () => {
      throw new Error("out of order");
    };
    state = withBobbyActive;
    await assert.rejects(
      fresh.send(thread, () => undefined),
      /out of order/,
    );
    isKept();
    fresh.dispose();
  });
});
