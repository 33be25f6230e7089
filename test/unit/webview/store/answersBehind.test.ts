// Replies and further commands that are typed while a command is still being carried out.
import assert from "node:assert/strict";
import type { SessionNumber } from "../../../../protocol/webview.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import {
  after,
  frame,
  hear,
  introduce,
  linked,
  look,
  online,
  said,
  unlinked,
  withBoth,
} from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
const asked = after(withBoth, said(1, "bobby", "anyone?"), hear("carmen", 1, "a question"), look(0));

describe("while a command is running", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());
  const open = (state: State): Promise<PageAndHost> => new PageAndHost(state).settle();

  /** Answers the last message of a session. */
  const reply = (window: PageAndHost, session: SessionNumber, text: string): PageAndHost => {
    const { transcript } = sessionOf(window, session);
    const entries = transcript.chunks.flat();
    const at = entries.findLastIndex(({ kind }) => kind === "message");
    const entry = entries[at];
    assert.ok(entry?.kind === "message");
    window.page.composer.reply(session, transcript.start + at, entry);
    return window.send(session, text);
  };
  const sessionOf = (window: PageAndHost, session: SessionNumber) => {
    const found = window.host.state.sessions.find(({ number }) => number === session);
    assert.ok(found !== undefined);
    return found;
  };
  const pending = (window: PageAndHost, session: SessionNumber) =>
    sessionOf(window, session).pending.map(({ text, about }) => [text, about?.kind]);
  const texts = (window: PageAndHost) => window.submitted.map(([, text]) => text);

  describe("a reply", () => {
    it("keeps its place among the lines, and its quoted message", async () => {
      const window = await open(after(asked, look(2)));
      window.send(CARMEN, "\\mute").send(CARMEN, "one");
      reply(window, CARMEN, "two").send(CARMEN, "three");
      await window.settle();
      assert.deepEqual(texts(window), ["\\mute", "one", "two", "three"]);
      assert.deepEqual(pending(window, CARMEN), [
        ["one", undefined],
        ["two", "reply"],
        ["three", undefined],
      ]);
    });

    it("keeps its place behind several commands that stay where they are", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\users").send(LOBBY, "one").send(LOBBY, "\\sessions");
      reply(window, LOBBY, "two");
      await window.settle();
      assert.deepEqual(texts(window), ["\\users", "one", "\\sessions", "two"]);
      assert.deepEqual(pending(window, LOBBY), [
        ["one", undefined],
        ["two", "reply"],
      ]);
    });

    it("returns to its session when the command switches to another; the other lines are sent", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\sw carmen").send(LOBBY, "one");
      reply(window, LOBBY, "for all").send(LOBBY, "two");
      await window.settle();
      assert.deepEqual(window.submitted.slice(1), [
        [CARMEN, "one"],
        [CARMEN, "two"],
      ]);
      assert.equal(window.shown(LOBBY), "for all");
      assert.equal(window.page.composer.about(LOBBY)?.kind, "reply");
      timers.pass(1_000);
      await window.settle();
      assert.deepEqual(
        [window.host.state.sessions[0].draft, window.host.state.sessions[0].draftAbout?.kind],
        ["for all", "reply"],
      );
    });

    it("is sent when several commands switch back to its session", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\sw carmen").send(LOBBY, "\\lobby");
      reply(window, LOBBY, "for all");
      await window.settle();
      assert.deepEqual(texts(window), ["\\sw carmen", "\\lobby", "for all"]);
      assert.deepEqual(pending(window, LOBBY), [["for all", "reply"]]);
      assert.equal(window.shown(LOBBY), "");
    });

    it("is returned with the other lines when the command is rejected", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\sw zoe").send(LOBBY, "one");
      reply(window, LOBBY, "two");
      await window.settle();
      assert.equal(window.submitted.length, 1);
      assert.equal(window.shown(LOBBY), "one\ntwo");
      assert.equal(window.page.composer.about(LOBBY)?.kind, "reply");
    });

    it("is returned to the active session, as a text, when its session has ended", async () => {
      const window = await open(after(asked, look(2)));
      window.send(CARMEN, "\\block carmen");
      reply(window, CARMEN, "why?");
      await window.settle();
      assert.equal(window.submitted.length, 1);
      assert.equal(window.shown(LOBBY), "why?");
      assert.equal(window.page.composer.about(LOBBY), undefined);
    });

    it("is returned as a text when its quoted message is retracted in the meantime", async () => {
      const window = await open(after(asked, look(2)));
      window.send(CARMEN, "\\mute");
      reply(window, CARMEN, "two");
      window.happens(
        frame("carmen", { type: "message", seq: 2, at: 0, text: "-", about: { kind: "retract", seq: 1 } }),
      );
      await window.settle();
      assert.deepEqual(pending(window, CARMEN), []);
      assert.equal(window.shown(CARMEN), "two");
      assert.equal(window.page.composer.about(CARMEN), undefined);
    });

    it("counts as a message that is being sent", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\users");
      reply(window, LOBBY, "one");
      assert.equal(window.page.composer.isSending(LOBBY), true);
      await window.settle();
      assert.equal(window.page.composer.isSending(LOBBY), false);
    });
  });

  describe("a fork", () => {
    const forks = (window: PageAndHost) => window.host.state.forks.map(({ to }) => to);
    const notices = (window: PageAndHost, level: string) =>
      window.host.state.sessions[0].transcript.chunks
        .flat()
        .filter((entry) => entry.kind === "notice" && entry.level === level).length;
    const opens = async (window: PageAndHost, name: string) => {
      const fork = window.host.state.forks.find(({ to }) => to === name);
      assert.ok(fork !== undefined);
      window.happens(introduce(fork.id, name));
      window.happens(linked(name));
      await window.settle();
    };

    for (const again of ["\\fork bobby", "\\FORK  Bobby "]) {
      it(`to the same person, ${JSON.stringify(again)}, is answered at once`, async () => {
        const window = await open(online);
        const errors = notices(window, "error");
        window.send(LOBBY, "\\fork bobby").send(LOBBY, again);
        await window.settle();
        assert.deepEqual([forks(window), window.shown(LOBBY)], [["bobby"], ""]);
        assert.equal(notices(window, "error"), errors);
        timers.pass(10_000);
        await window.settle();
        assert.deepEqual([forks(window), window.shown(LOBBY)], [["bobby"], ""]);
        assert.equal(notices(window, "error"), errors);
      });
    }

    it("to the same person leaves lines typed after it waiting for the session", async () => {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "hi").send(LOBBY, "\\fork bobby").send(LOBBY, "there");
      await window.settle();
      await opens(window, "bobby");
      assert.deepEqual(
        window.submitted.filter(([, text]) => !text.startsWith("\\")),
        [
          [BOBBY, "hi"],
          [BOBBY, "there"],
        ],
      );
      assert.equal(window.shown(LOBBY) + window.shown(BOBBY), "");
    });

    it("to another person is sent too, without waiting for the first", async () => {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "\\fork carmen").send(LOBBY, "for carmen");
      await window.settle();
      assert.deepEqual(forks(window), ["bobby", "carmen"]);
      await opens(window, "carmen");
      assert.deepEqual(window.submitted.at(-1), [sessionNumber(1), "for carmen"]);
      assert.equal(window.host.state.sessions[1]?.peer, "carmen");
    });

    it("to another person is sent where it was typed, behind a line for the first", async () => {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "for bobby").send(LOBBY, "\\fork carmen");
      await window.settle();
      await opens(window, "bobby");
      assert.deepEqual(window.submitted.slice(1), [
        [BOBBY, "for bobby"],
        [LOBBY, "\\fork carmen"],
      ]);
      assert.deepEqual(forks(window), ["carmen"]);
    });

    it("to another person is sent when the first times out; lines for the first are returned", async () => {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "for bobby").send(LOBBY, "\\fork carmen");
      await window.settle();
      timers.pass(3_000);
      await window.settle();
      assert.deepEqual(forks(window), ["bobby", "carmen"]);
      assert.equal(window.shown(LOBBY), "for bobby");
    });
  });

  describe("another command", () => {
    it("runs when the one before it is rejected; lines are returned", async () => {
      const window = await open(asked);
      window.send(LOBBY, "\\sw zoe").send(LOBBY, "one").send(LOBBY, "\\users").send(LOBBY, "two");
      await window.settle();
      assert.deepEqual(texts(window), ["\\sw zoe", "\\users"]);
      assert.equal(window.shown(LOBBY), "one\ntwo");
    });

    for (const command of ["\\leave", "\\mute", "\\verify", "\\quit", "\\block bobby"]) {
      it(`such as ${command} does not run in an unintended session`, async () => {
        const window = await open(after(asked, look(1)));
        window.send(BOBBY, "\\sw zoe").send(BOBBY, command);
        await window.settle();
        assert.deepEqual(texts(window), ["\\sw zoe"]);
        assert.equal(window.shown(BOBBY), command);
      });
    }

    it("that has to be typed twice is not confirmed by one key pressed twice", async () => {
      const waiting = after(withBoth, unlinked("bobby", "lost"), look(1));
      const window = await open(waiting);
      window.send(BOBBY, "one");
      await window.settle();
      window.send(BOBBY, "\\leave").send(BOBBY, "\\leave");
      await window.settle();
      assert.equal(
        window.host.state.sessions.some(({ number }) => number === BOBBY),
        true,
      );
    });
  });
});
