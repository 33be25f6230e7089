// The reference conversation in three real windows: first by the palette, then by typed commands.
import assert from "node:assert/strict";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

type Member = { window: VsCodeWindow; panel: ChatPanel };

describe("three people in three windows", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let anna: Member;
  let bobby: Member;
  let carmen: Member;

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    const open = async (name: string): Promise<Member> => {
      const window = await windows.open(name);
      return { window, panel: await joinByPalette(window, name) };
    };
    [anna, bobby, carmen] = await Promise.all([open("anna"), open("bobby"), open("carmen")]);
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("join from the palette and read each other in the lobby", async () => {
    await anna.panel.type("good morning");
    for (const { panel } of [anna, bobby, carmen]) await panel.shows("lobby", "good morning");
    await bobby.panel.composer.focus();
    await bobby.panel.composer.pressSequentially("first line");
    await bobby.panel.composer.press("Shift+Enter");
    await bobby.panel.composer.pressSequentially("  second line");
    await bobby.panel.composer.press("Enter");
    await carmen.panel.shows("lobby", "first line\n  second line");
  });

  it("see replies, edits, reactions and retractions in every window", async () => {
    const at = ({ panel }: Member, text: string) =>
      panel.log("lobby").getByRole("article").filter({ hasText: text });
    await anna.panel.press("good morning", "Reply to your message");
    await anna.panel.type("to me, too");
    await carmen.panel.frame.getByTitle("Show the original message").waitFor();
    await bobby.panel.composer.press("ArrowUp");
    await bobby.panel.frame.getByText("Editing your message").waitFor();
    await bobby.panel.composer.fill("second thoughts");
    await bobby.panel.composer.press("Enter");
    for (const member of [anna, carmen]) await at(member, "second thoughts").getByText("(edited)").waitFor();
    await carmen.panel.press("second thoughts", "React to bobby's message");
    await carmen.panel.frame.getByRole("textbox", { name: "Find an emoji" }).fill("rocket");
    await carmen.panel.frame.getByRole("textbox", { name: "Find an emoji" }).press("Enter");
    for (const { panel } of [anna, bobby])
      await panel.frame.getByRole("button", { name: "🚀 1: carmen" }).waitFor();
    await anna.panel.press("to me, too", "Retract your message");
    await anna.panel.frame.getByRole("button", { name: "Yes, retract your message" }).click();
    for (const { panel } of [anna, bobby, carmen]) {
      await panel.shows("lobby", "Message retracted");
      assert.ok(!(await panel.log("lobby").innerText()).includes("to me, too"));
    }
  });

  it("carmen forks anna from the palette; anna is notified and stays in the lobby", async () => {
    await carmen.window.runCommand("Chat: Fork…");
    await carmen.window.quickInput.pick("anna");
    await carmen.panel.untilActive("anna");
    await anna.panel.shows("lobby", "carmen opened a private session: \\sw 1");
    await anna.panel.untilActive("lobby");
    await carmen.panel.type("just between us");
    await anna.panel.untilTabs("an unread message of carmen", (tabs) =>
      tabs.some((tab) => tab.startsWith("carmen") && tab.includes("P~>") && tab.endsWith(", 1 unread")),
    );
  });

  it("anna switches there and back from the palette, and only the two read their messages", async () => {
    await anna.window.runCommand("Chat: Switch Session…");
    await anna.window.quickInput.pick("carmen");
    await anna.panel.shows("carmen", "just between us");
    await anna.panel.type("heard you");
    await carmen.panel.shows("anna", "heard you");
    await bobby.panel.type("anybody there?");
    await anna.panel.untilTabs("the lobby to be unread", (tabs) => tabs.includes("lobby, 1 unread"));
    await anna.window.runCommand("Chat: Lobby");
    await anna.panel.shows("lobby", "anybody there?");
    const text = await bobby.panel.log("lobby").innerText();
    assert.ok(!text.includes("just between us") && !text.includes("heard you"));
  });

  it("the palette offers only commands that work", async () => {
    assert.ok(await carmen.window.paletteOffers("Chat: Leave Session"));
    assert.ok(!(await carmen.window.paletteOffers("Chat: Users")));
    assert.ok(!(await bobby.window.paletteOffers("Chat: Leave Session")));
    assert.ok(await bobby.window.paletteOffers("Chat: Users"));
    for (const title of ["Chat: Join as…", "Chat: Start Server"]) {
      assert.ok(await bobby.window.paletteOffers(title), title);
    }
  });

  it("Users, Sessions, Help and Leave Session answer from the palette, too", async () => {
    await bobby.window.runCommand("Chat: Users");
    await bobby.panel.shows("lobby", "3 online\nanna\nbobby — you\ncarmen");
    await bobby.window.runCommand("Chat: Help");
    await bobby.panel.shows("lobby", "\\fork NAME");
    await bobby.window.runCommand("Chat: Fork…");
    await bobby.window.quickInput.pick("carmen");
    await bobby.panel.untilActive("carmen");
    await bobby.window.runCommand("Chat: Sessions");
    await bobby.panel.shows("carmen", " 0 lobby (broadcast)\n*1 carmen (P->)");
    await bobby.window.runCommand("Chat: Leave Session");
    await bobby.panel.untilActive("lobby");
    await carmen.panel.untilTabs("one session", (tabs) => tabs.length === 2);
  });

  it("someone kills the server: the lobby is closed everywhere, the private session continues", async () => {
    await server.stop("SIGKILL");
    await bobby.panel.shows("lobby", "Disconnected:");
    await anna.panel.shows("lobby", "Disconnected:");
    await anna.panel.type("\\sw carmen");
    await anna.panel.untilActive("carmen");
    await anna.panel.type("still with you");
    await carmen.panel.shows("anna", "still with you");
    await carmen.panel.type("me too");
    await anna.panel.shows("carmen", "me too");
    await bobby.panel.type("\\users");
    await bobby.panel.shows("lobby", "\\users isn't available");
    assert.ok(!(await bobby.window.paletteOffers("Chat: Users")));
  });

  it("the server returns: everyone is back in the lobby automatically", async () => {
    server = await ServerProcess.start("--port", String(server.port));
    await bobby.panel.shows("lobby", "You're back in the lobby");
    await bobby.panel.type("we are back");
    for (const { panel } of [anna, carmen]) {
      await panel.untilTabs("one open lobby and one session", (tabs) => {
        const [lobby = "closed"] = tabs;
        return tabs.length === 2 && !lobby.includes("closed");
      });
    }
    await anna.panel.type("\\lobby");
    await anna.panel.shows("lobby", "we are back");
    await carmen.panel.type("\\lob");
    await carmen.panel.shows("lobby", "we are back");
  });

  it("typed commands do the same: fork, sessions, switch, an unknown one, leave", async () => {
    await bobby.panel.type("\\fork anna");
    await bobby.panel.untilActive("anna");
    await anna.panel.type("\\sessions");
    await anna.panel.shows("lobby", "*0 lobby (broadcast)\n 1 carmen (P~>)\n 2 bobby (P~>)");
    await anna.panel.type("\\swich 2");
    await anna.panel.shows("lobby", "Did you mean \\switch?");
    await anna.panel.type("\\switch 2");
    // Typed before the answer is there, and for bobby all the same.
    await anna.panel.type("\\\\literal");
    await anna.panel.untilActive("bobby");
    await bobby.panel.shows("anna", "\\literal");
    await anna.panel.type("\\leave");
    await anna.panel.untilActive("lobby");
    await bobby.panel.shows("lobby", "anna left private session 2");
    await bobby.panel.untilTabs("the lobby alone", (tabs) => tabs.length === 1);
    assert.ok(!(await carmen.panel.log("lobby").innerText()).includes("swich"));
  });

  it("shows a closed window and a quit differently", async () => {
    await carmen.window.close();
    await anna.panel.shows("lobby", "carmen's window was closed");
    await bobby.window.runCommand("Chat: Quit");
    await anna.panel.shows("lobby", "bobby has quit");
    await bobby.panel.frame.getByRole("button", { name: "Join as…" }).waitFor();
  });
});
