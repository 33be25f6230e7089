// A morning on which anna, at a real window, and three others talk: everything that a conversation can have is in it.
// For pictures.
import { react } from "../../support/changes.ts";
import { Client } from "../../support/client.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";

export const CODE = `// Counts how often each word occurs.
export function countWords(text: string) {
  const counts = new Map<string, number>();
  for (const word of text.split(/\\W+/)) {
    if (word === "") continue;
    const before = counts.get(word) ?? 0;
    counts.set(word, before + 1);
  }
  return counts;
}
`;

const BUG = `It splits on \`\\W\`: “naïve” is **two** words. Better:

\`\`\`ts
// Letters of every language
const words = text.match(/\\p{L}+/gu);
return words ?? [];
\`\`\``;
const NOTES = "Then only the release notes are left:\n\n1. umlauts are letters\n2. so is `ñ`";

export class People {
  readonly bobby = new Client();
  readonly carmen = new Client();
  readonly dmitri = new Client();

  /** Lets them talk with anna, until she has left the lobby for bobby and missed what came there. */
  async talk(anna: ChatPanel, server: string): Promise<void> {
    const { bobby, carmen, dmitri } = this;
    await bobby.join("bobby", server);
    await carmen.join("carmen", server);
    await dmitri.join("dmitri", server);
    await carmen.type("Good morning! Who knows the word counter?");
    await bobby.type(BUG);
    await anna.shows("lobby", "Letters of every language");
    await answer(anna, "bobby", "Nice catch. One moment");
    await edit(anna, "Nice catch. I have the file open.");
    for (const [client, emoji] of [
      [carmen, "👍"],
      [dmitri, "👍"],
      [carmen, "🎉"],
    ] as const) {
      await client.untilShown("lobby", "naïve");
      react(client, "lobby", BUG, emoji);
    }
    await anna.frame.getByRole("button", { name: /^👍 2/ }).click();

    await carmen.run("\\fork anna");
    await carmen.type("Could you add a test for German umlauts, too?");
    await carmen.type("I will review it afterwards.");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await this.#inPrivate(anna);

    await carmen.run("\\switch 0");
    await carmen.type("@anna could you add a test with _umlauts_?");
    await dmitri.type("I have some texts for that, I will push them.");
    await carmen.run("\\dnd");
    dmitri.store.dispatch({ type: "host/presence", presence: "away" });
    await anna.untilTabs("what is unread", (tabs) =>
      ["lobby", "carmen"].every((name) =>
        tabs.some((tab) => tab.startsWith(name) && tab.endsWith(", 2 unread")),
      ),
    );
  }

  async #inPrivate(anna: ChatPanel): Promise<void> {
    const { bobby } = this;
    await bobby.untilShown("anna", "opened this private session");
    await bobby.run("\\switch 1");
    await anna.type("Shall I just put your line in?");
    await bobby.untilShown("anna", "your line in?");
    await bobby.type("Yes, please. And thanks!");
    await anna.shows("bobby", "And thanks!");
    await anna.type("Done; the tests are **green**.");
    await bobby.untilShown("anna", "green");
    react(bobby, "anna", "Done; the tests are **green**.", "🚀");
    await bobby.type(NOTES);
    await anna.shows("bobby", "umlauts are letters");
    await answer(anna, "bobby", "I shall write them.");
    const session = bobby.state.active;
    bobby.store.dispatch({ type: "user/verified", session, value: true });
    await anna.frame.getByRole("button", { name: "Verify bobby" }).click();
    await anna.frame.getByRole("button", { name: "They Match" }).click();
    await anna.frame.locator(".fact.both").waitFor();
  }

  async close(): Promise<void> {
    await Promise.all([this.bobby.close(), this.carmen.close(), this.dmitri.close()]);
  }
}

/** Answers someone's last message. */
async function answer(anna: ChatPanel, name: string, text: string): Promise<void> {
  const { frame } = anna;
  await frame.locator(".message:not(.own)", { hasText: name }).last().focus();
  await frame.getByRole("button", { name: `Reply to ${name}'s message` }).click();
  await frame.getByText(`Replying to ${name}:`).waitFor();
  await anna.type(text);
  await frame.locator(".message.own .text", { hasText: text }).waitFor();
}

/** Gives her last message another text. */
async function edit(anna: ChatPanel, text: string): Promise<void> {
  await anna.composer.press("ArrowUp");
  await anna.frame.getByText("Editing your message").waitFor();
  await anna.composer.fill(text);
  await anna.composer.press("Enter");
  await anna.frame.getByText("(edited)").waitFor();
}
