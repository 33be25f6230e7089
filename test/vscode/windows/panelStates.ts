// What somebody does by hand in the lobby of a real window, for a look at it: each state is entered, and left again.
import type { ChatPanel } from "../driver/chatPanel.ts";

type Hands = (panel: ChatPanel) => Promise<unknown>;

/** The buttons at the last message of this person are shown. */
async function reach(panel: ChatPanel, from: string): Promise<void> {
  await panel.frame.locator(".message:not(.own)", { hasText: from }).last().focus();
  await panel.frame.getByRole("toolbar").waitFor();
}

const escape: Hands = ({ frame }) => frame.locator(":focus").press("Escape");

const backToComposer: Hands = async (panel) => {
  await panel.composer.press("Escape");
  await panel.composer.fill("");
};

export const states: Readonly<Record<string, { readonly enter: Hands; readonly leave: Hands }>> = {
  "a command being completed": {
    enter: async ({ composer, frame }) => {
      await composer.fill("\\");
      await frame.getByRole("listbox").waitFor();
    },
    leave: ({ composer }) => composer.fill(""),
  },
  "a reply being written": {
    enter: async (panel) => {
      await reach(panel, "carmen");
      await panel.frame.getByRole("button", { name: "Reply to carmen's message" }).click();
      await panel.frame.getByText("Replying to carmen:").waitFor();
      await panel.composer.fill("Yes, I can");
    },
    leave: backToComposer,
  },
  "an edit in progress": {
    enter: async ({ composer, frame }) => {
      await composer.press("ArrowUp");
      await frame.getByText("Editing your message").waitFor();
    },
    leave: backToComposer,
  },
  "the find bar": {
    enter: async ({ composer, frame }) => {
      await composer.press("Control+f");
      await frame.getByRole("search").getByRole("textbox").fill("word");
      await frame.getByText(/^1 of \d/).waitFor();
    },
    leave: escape,
  },
  "the emoji picker": {
    enter: async (panel) => {
      await reach(panel, "carmen");
      await panel.frame.getByRole("button", { name: "React to carmen's message" }).click();
      await panel.frame.getByRole("dialog").waitFor();
    },
    leave: async (panel) => {
      await escape(panel);
      await panel.frame.getByRole("dialog").waitFor({ state: "detached" });
      await panel.composer.focus();
    },
  },
};
