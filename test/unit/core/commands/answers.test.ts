// What \sessions, \users and \help answer, as text and in rows.
import assert from "node:assert/strict";
import {
  describeSessions,
  describeUsers,
  tableEntry,
  tableText,
} from "../../../../extension/core/view/answers.ts";
import { TABLE_ROWS } from "../../../../protocol/webview.ts";
import { append, emptyTranscript, entryAt } from "../../../../extension/core/model/transcript.ts";
import {
  after,
  look,
  offline,
  online,
  tell,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

describe("\\sessions", () => {
  it("lists number, name and kind, with a star at the active one", () => {
    const text = "*0 lobby (broadcast)\n 1 bobby (P->)\n 2 carmen (P~>)";
    assert.equal(tableText(describeSessions(after(withBoth, look(0)))), text);
  });

  it("moves the star to the active session", () => {
    assert.equal(
      tableText(describeSessions(withBoth)),
      " 0 lobby (broadcast)\n*1 bobby (P->)\n 2 carmen (P~>)",
    );
  });

  it("says which session is closed and who is away", () => {
    assert.equal(
      tableText(describeSessions(after(offline, unlinked("carmen", "lost")))),
      " 0 lobby (broadcast) closed\n*1 bobby (P->)\n 2 carmen (P~>) away",
    );
  });

  specify(
    ["\\sessions", "\\ss", "\\SS "].map((line) => ({
      description: `answers ${line} in the session where it was typed`,
      given: withBobby,
      events: [type(line, 1)],
      expected: {
        lines: ["1 output  0 lobby (broadcast)\n*1 bobby (P->)"],
        effects: [["settle", 7, "ok"]],
      },
    })),
  );
});

describe("\\users", () => {
  specify([
    {
      description: "lists who is online, and requests a fresh list from the server",
      given: online,
      events: [type("\\users")],
      expected: {
        lines: ["0 output 3 online\nanna — you\nbobby\ncarmen"],
        effects: [
          ["send", 1, { type: "users" }],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "says who is blocked",
      given: after(online, type("\\block bobby")),
      events: [type("\\users")],
      expected: { lines: ["0 output 3 online\nanna — you\nbobby — blocked\ncarmen"] },
    },
  ]);
});

describe("\\users and \\sessions", () => {
  const heard = (name: string, state: "away" | "busy") => tell({ type: "presence", name, state });
  const moved = after(withBoth, heard("bobby", "away"), heard("carmen", "busy"), type("\\dnd"), look(0));

  specify([
    {
      description: "show presence, one's own included",
      given: moved,
      events: [type("\\users"), type("\\sessions")],
      expected: {
        lines: [
          "0 output 3 online\nanna — you, do not disturb\nbobby — away\ncarmen — do not disturb",
          "0 output *0 lobby (broadcast)\n 1 bobby (P->) away\n 2 carmen (P~>) do not disturb",
        ],
      },
    },
  ]);
});

describe("answers in rows", () => {
  const answer = (line: string) => {
    const [lobby] = after(withBoth, look(0), type(line)).sessions;
    const entry = entryAt(lobby.transcript, lobby.transcript.end - 1);
    assert.ok(entry?.kind === "notice" && entry.table !== undefined, line);
    return { text: entry.text, ...entry.table };
  };

  it("contain a command and what it does in each row, and read alike as text", () => {
    const { of, rows, text } = answer("\\help");
    assert.equal(of, "commands");
    assert.deepEqual(rows[1], ["\\fork NAME", "opens a private session with someone and switches to it"]);
    assert.deepEqual(rows.at(-1), ["\\\\", "at the start of a message, sends one backslash"]);
    const lines = text.split("\n");
    assert.equal(lines.length, rows.length);
    assert.ok(lines.includes("\\switch N, \\sw — switches to session N; a person's name works too"));
  });

  it("contain a person and their presence, or a session's number and name", () => {
    const users = answer("\\users");
    assert.deepEqual(users.rows, [
      ["anna", "you"],
      ["bobby", ""],
      ["carmen", ""],
    ]);
    assert.equal(users.name, "3 online");
    const sessions = answer("\\sessions");
    assert.deepEqual(sessions.rows[0], ["*0", "lobby (broadcast)"]);
    assert.deepEqual(sessions.rows[1], [" 1", "bobby (P->)"]);
  });

  it("are plain text beyond a number of rows, and omit no one", () => {
    const users = Array.from({ length: TABLE_ROWS + 1 }, (_, at) => `user${at}`);
    const crowd = (count: number) =>
      tableEntry(describeUsers({ ...online, users: users.slice(0, count) }), 0);
    const [most, more] = [crowd(TABLE_ROWS), crowd(TABLE_ROWS + 1)];
    assert.ok(most.kind === "notice" && most.table?.rows.length === TABLE_ROWS);
    assert.ok(more.kind === "notice" && more.table === undefined);
    assert.equal(more.text.split("\n").length, TABLE_ROWS + 2);
  });

  it("count in a transcript with their rows as well as their text", () => {
    const entry = tableEntry(describeUsers(online), 0);
    assert.ok(entry.kind === "notice");
    assert.equal(append(emptyTranscript, entry).characters, 2 * entry.text.length);
  });
});
