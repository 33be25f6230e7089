// Quick picks and input boxes that stay open. VS Code gives the focus back to a webview a moment after the palette has
// closed, which closes again whatever a command has opened meanwhile. A box that goes away so soon is shown again.
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";
import { plainText } from "./plainText.ts";

/** Sooner than this nobody means to close a box that has just appeared. */
const TOO_SOON_MS = 400;
/** A webview may be given the focus more than once. */
const CHANCES = 3;
/** On a busy machine the focus is given back this late: until then a box stays when it loses it. */
const SETTLED_MS = 3_000;

/** Resolves with the chosen item, or undefined when the user has closed the list. */
export function pickItem<T extends vscode.QuickPickItem>(
  items: readonly T[],
  placeholder: string,
): Promise<T | undefined> {
  const box = vscode.window.createQuickPick<T>();
  box.items = items;
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  return answerOf(box, () => box.selectedItems[0], refill(box));
}

/** A list that is shown again is empty until it is given its items again. */
function refill<T extends vscode.QuickPickItem>(box: vscode.QuickPick<T>): () => void {
  return () => (box.items = [...box.items]);
}

/** How long a list waits for the next key before it is filled anew. */
const TYPING_MS = 150;

/** A list that is filled while the user types. `find` may stop as soon as nobody wants its answer any more. */
export function pickFound<T extends vscode.QuickPickItem>(
  { placeholder, none }: { readonly placeholder: string; readonly none: string },
  find: (query: string, isWanted: () => boolean) => Promise<readonly T[]>,
): Promise<T | undefined> {
  const nothing: vscode.QuickPickItem = { label: none, alwaysShow: true };
  const box = vscode.window.createQuickPick<T | typeof nothing>();
  box.placeholder = placeholder;
  let found: readonly T[] = [];
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  const fill = async (): Promise<void> => {
    const turn = ++asked;
    box.busy = true;
    const items = await find(box.value, () => turn === asked);
    // An answer to what was typed before comes too late.
    if (turn !== asked) return;
    found = items;
    // Where nothing is looked for, nothing has failed to be found.
    box.items = items.length === 0 && box.value.trim() !== "" ? [nothing] : items;
    box.busy = false;
  };
  box.onDidChangeValue(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void fill(), TYPING_MS);
  });
  void fill();
  const chosen = (): T | undefined => found.find((item) => item === box.selectedItems[0]);
  return answerOf(box, chosen, refill(box)).finally(() => {
    clearTimeout(timer);
    asked++;
  });
}

type TextOptions = {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  /** Not shown while it is typed. */
  readonly password: boolean;
  /** A sentence that says what is wrong with a text, or null. */
  readonly validate: (value: string) => string | null;
};

/** Resolves with a valid text, or undefined when the user has closed the box. */
export function askText(options: TextOptions): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = options.title;
  // Links in a prompt can run commands.
  box.prompt = plainText(options.prompt);
  box.placeholder = options.placeholder;
  box.value = options.value;
  box.password = options.password;
  box.ignoreFocusOut = options.password;
  const validate = (): boolean => {
    const problem = options.validate(box.value);
    box.validationMessage = problem ?? undefined;
    return problem === null;
  };
  box.onDidChangeValue(validate);
  return answerOf(box, () => (validate() ? box.value : undefined));
}

type Box = vscode.QuickInput & { readonly onDidAccept: vscode.Event<void> };

/**
 * Shows a box until there is an answer, or the user closes it. `read` gives undefined while there is none, `onAgain` fills a
 * box that is shown once more.
 */
function answerOf<T>(box: Box, read: () => T | undefined, onAgain?: () => void): Promise<T | undefined> {
  const parts = new DisposableStore();
  parts.add(box);
  return new Promise((resolve) => {
    const end = (answer: T | undefined): void => {
      parts.dispose();
      resolve(answer);
    };
    const { ignoreFocusOut } = box;
    const timers = [
      setTimeout(() => (box.ignoreFocusOut = true), TOO_SOON_MS),
      setTimeout(() => (box.ignoreFocusOut = ignoreFocusOut), SETTLED_MS),
    ];
    parts.add({ dispose: () => timers.forEach(clearTimeout) });
    /** When VS Code was told to show it, and when it had: never while that is not known. */
    let [calledAt, shownAt] = [0, Infinity];
    let chances = CHANCES;
    const show = (): void => {
      const chance = chances;
      [calledAt, shownAt] = [Date.now(), Infinity];
      box.show();
      const shown = (): void => {
        if (chance === chances) shownAt = Date.now();
      };
      void untilDone().then(shown, shown);
    };
    parts.add(
      box.onDidAccept(() => {
        const answer = read();
        if (answer !== undefined) end(answer);
      }),
    );
    parts.add(
      box.onDidHide(() => {
        const isMeant = Date.now() - shownAt > TOO_SOON_MS || Date.now() - calledAt > SETTLED_MS;
        if (chances === 0 || isMeant) {
          end(undefined);
          return;
        }
        chances -= 1;
        onAgain?.();
        show();
      }),
    );
    show();
  });
}

/** VS Code does what it is told in order, on a busy machine with a delay: whatever it answers, it has done the rest before. */
async function untilDone(): Promise<void> {
  await vscode.commands.executeCommand("setContext", "forkchat.asks", true);
}
