// Where commands are available, and what they say when they cannot work.
import assert from "node:assert/strict";
import { commands } from "../../../../extension/core/model/commands.ts";
import { availableCommands } from "../../../../extension/core/view/selectors.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  blank,
  look,
  offline,
  online,
  run,
  type,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

const command = (name: (typeof commands)[number]["name"], argument = "") =>
  ({ type: "user/command", request: 7, command: { name, argument } }) as const;

describe("\\switch", () => {
  const switches = (line: string, number: number): void =>
    specify([
      {
        description: `${line} makes session ${number} the active one`,
        given: after(withBoth, look(1)),
        events: [type(line, 1)],
        expected: {
          sessions: [
            `${number === 0 ? "*" : " "}0 lobby`,
            `${number === 1 ? "*" : " "}1 bobby A open`,
            `${number === 2 ? "*" : " "}2 carmen B open`,
          ],
          lines: [],
          effects: [["settle", 7, "ok"]],
        },
      },
    ]);
  switches("\\switch 2", 2);
  switches("\\sw 2", 2);
  switches("\\sw Carmen", 2);
  switches("\\sw 1", 1);
  switches("\\sw 0", 0);
  switches("\\sw lobby", 0);
  switches("\\lobby", 0);
  switches("\\lob", 0);

  specify(
    ["9", "dora", "-1", "01", "1.0", "NaN"].map((target) => ({
      description: `rejects ${target}, which is not a session here`,
      given: withBoth,
      events: [type(`\\sw ${target}`, 1)],
      expected: {
        lines: [`1 error ${failures.noSuchSession(target).text}`],
        effects: [["settle", 7, "no-such-session"]],
      },
    })),
  );
});

describe("while the server is away", () => {
  const away = after(offline, look(0));
  specify(
    ["\\users", "\\fork bobby", "\\lobby", "\\sw 0"].map((line) => ({
      description: `${line} says why it cannot work`,
      given: away,
      events: [type(line)],
      expected: {
        sessions: ["*0 lobby", " 1 bobby A open", " 2 carmen B open"],
        effects: [["settle", 7, "server-away"]],
      },
    })),
  );
  specify(
    ["\\sw 1", "\\sessions", "\\help"].map((line) => ({
      description: `${line} works`,
      given: away,
      events: [type(line)],
      expected: { effects: [["settle", 7, "ok"]] },
    })),
  );

  it("the reason is part of the sentence", () => {
    assert.match(lobbyLines(after(away, type("\\users"))).at(-1) ?? "", /the connection was lost/u);
  });

  it("the reason while it is connecting says so", () => {
    const calling = after(away, { type: "timer", key: "reconnect" }, type("\\users"));
    assert.match(lobbyLines(calling).at(-1) ?? "", /connecting to the server/u);
  });
});

describe("where commands are available", () => {
  const inLobby = after(withBobby, look(0));
  for (const spec of commands) {
    const line = `\\${spec.name}${spec.argument === null ? "" : spec.argument.usage.replace(/\S+/gu, " 1")}`;
    const settled = (state: typeof online, number: number): unknown =>
      run(state, type(line, number)).effects.flatMap((effect) =>
        effect.type === "settle" ? [effect.outcome.ok ? "ok" : effect.outcome.code] : [],
      );
    if (spec.where !== "peer") {
      it(`${line} is known in the lobby`, () => {
        assert.notDeepEqual(settled(inLobby, 0), ["not-here"]);
        assert.ok(availableCommands(inLobby).includes(spec));
      });
    } else {
      it(`${line} in the lobby is answered with where it works`, () => {
        assert.deepEqual(settled(inLobby, 0), ["not-here"]);
        assert.ok(!availableCommands(inLobby).includes(spec));
      });
    }
    if (spec.where !== "lobby") {
      it(`${line} is known in a private session`, () => {
        assert.notDeepEqual(settled(withBobby, 1), ["not-here"]);
        assert.ok(availableCommands(withBobby).includes(spec));
      });
    } else {
      it(`${line} in a private session is answered with where it works, and is not sent to the peer`, () => {
        assert.deepEqual(settled(withBobby, 1), ["not-here"]);
        assert.deepEqual(after(withBobby, type(line, 1)).sessions[1]?.pending, []);
        assert.ok(!availableCommands(withBobby).includes(spec));
      });
    }
    it(`${line} before joining is answered with how to join`, () => {
      assert.deepEqual(settled(blank, 0), ["not-joined"]);
    });
  }
});

describe("\\help", () => {
  it("lists the commands available here, with their short forms", () => {
    const lobby = lobbyLines(after(online, type("\\help"))).at(-1) ?? "";
    assert.match(lobby, /^output \\users — shows who's online$/mu);
    assert.match(lobby, /^\\switch N, \\sw — switches/mu);
    assert.doesNotMatch(lobby, /\\leave/u);
  });

  it("lists others in a private session", () => {
    check(withBobby, [type("\\help", 1)], { effects: [["settle", 7, "ok"]] });
    const text = after(withBobby, type("\\help", 1)).sessions[1]?.transcript.chunks.flat().at(-1)?.text ?? "";
    assert.match(text, /^\\leave — ends/mu);
    assert.doesNotMatch(text, /\\users|\\fork/u);
  });
});

describe("commands from the palette", () => {
  specify([
    {
      description: "act on the active session like the typed ones",
      given: withBobby,
      events: [command("leave")],
      expected: { sessions: ["*0 lobby"] },
    },
    {
      description: "take a name as their argument",
      given: online,
      events: [command("fork", "nobody")],
      expected: { effects: [["settle", 7, "unknown-user"]] },
    },
    {
      description: "are answered where they cannot work",
      given: withBobby,
      events: [command("users")],
      expected: { effects: [["settle", 7, "not-here"]] },
    },
  ]);
});

describe("a line that starts with a backslash", () => {
  specify(
    ["\\nothing", "\\", "\\ ", "\\fork", "\\fork a b", "\\users now", "\\\nhello", "\\help\nme"].map(
      (line) => ({
        description: `${JSON.stringify(line)} is answered, and never sent`,
        given: withBobby,
        events: [type(line, 1), type(line, 0)],
        expected: { pending: [] },
      }),
    ),
  );
});
