// Quick picks and input boxes that stay open. VS Code returns the focus to a webview a moment after the palette has
// closed, which closes whatever a command has opened in the meantime. A box that disappears so soon is shown again.
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";
import { logFailure } from "./failureLog.ts";
import { showFailure } from "./failures.ts";
import { plainText } from "./plainText.ts";

/** No one closes a box on purpose this soon after it appeared. */
const TOO_SOON_MS = 400;
/** A webview may get the focus more than once. */
const CHANCES = 3;
/** On a busy machine the focus is returned this late: until then a box stays open when it loses focus. */
const SETTLED_MS = 3_000;

/** A question in a box. */
export type Asked<T> = {
  /** Undefined if the user closes the box, or another question takes its place. */
  readonly answer: Promise<T | undefined>;
  /** Gives the box the focus, unless it is closed. */
  readonly focus: () => void;
};

/** Resolves with the chosen item, or undefined if the user closes the list. */
export function pickItem<T extends vscode.QuickPickItem>(
  items: readonly T[],
  placeholder: string,
): Promise<T | undefined> {
  const box = vscode.window.createQuickPick<T>();
  box.items = items;
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  return ask(box, () => box.selectedItems[0], refill(box)).answer;
}

/** Resolves with the ticked items, or undefined if the user closes the list. Those that are `picked` are ticked at first. */
export function pickItems<T extends vscode.QuickPickItem>(
  items: readonly T[],
  { title, placeholder }: { readonly title: string; readonly placeholder: string },
): Promise<readonly T[] | undefined> {
  const box = vscode.window.createQuickPick<T>();
  box.canSelectMany = true;
  box.items = items;
  box.selectedItems = items.filter(({ picked }) => picked === true);
  box.title = title;
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  const refillTicked = (): void => {
    const ticked = box.selectedItems;
    box.items = [...box.items];
    box.selectedItems = ticked;
  };
  return ask(box, () => box.selectedItems, refillTicked).answer;
}

/** A list that is shown again is empty until its items are set again. */
function refill<T extends vscode.QuickPickItem>(box: vscode.QuickPick<T>): () => void {
  return () => (box.items = [...box.items]);
}

/** Milliseconds without a key press before a list is updated. */
const TYPING_MS = 150;

/** A list that is updated while the user types. `find` may stop as soon as its answer is outdated. */
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
    const items = await find(box.value, () => turn === asked).finally(() => {
      if (turn === asked) box.busy = false;
    });
    // The answer to an earlier query is outdated.
    if (turn !== asked) return;
    found = items;
    // Without a query there is no "no matches".
    box.items = items.length === 0 && box.value.trim() !== "" ? [nothing] : items;
  };
  box.onDidChangeValue(() => {
    clearTimeout(timer);
    timer = setTimeout(() => showFailure(fill()), TYPING_MS);
  });
  showFailure(fill());
  const chosen = (): T | undefined => found.find((item) => item === box.selectedItems[0]);
  return ask(box, chosen, refill(box)).answer.finally(() => {
    clearTimeout(timer);
    asked++;
  });
}

/** A list whose items change while it is open. A button of an item does something, and the list stays. */
export function pickLive<T extends vscode.QuickPickItem>(options: {
  readonly placeholder: string;
  readonly items: () => readonly T[];
  /** What an item that has changed has in common with the former one. */
  readonly keyOf: (item: T) => string;
  readonly follow: (update: () => void) => { dispose(): void };
  readonly onButton: (item: T, button: vscode.QuickInputButton) => PromiseLike<unknown> | undefined;
}): Promise<T | undefined> {
  const { placeholder, items, keyOf, follow, onButton } = options;
  const box = vscode.window.createQuickPick<T>();
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  box.keepScrollPosition = true;
  const update = (): void => {
    const active = new Set(box.activeItems.map(keyOf));
    box.items = items();
    box.activeItems = box.items.filter((item) => active.has(keyOf(item)));
  };
  update();
  box.onDidTriggerItemButton(({ item, button }) => {
    const done = onButton(item, button);
    if (done !== undefined) showFailure(done);
  });
  const subscription = follow(update);
  return ask(box, () => box.selectedItems[0], update).answer.finally(() => subscription.dispose());
}

type TextOptions = {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  /** Whether the text is masked. */
  readonly password: boolean;
  /** Returns a sentence about what is wrong with a text, or null. */
  readonly validate: (value: string) => string | null;
};

/** Asks for a valid text. */
export function askText(options: TextOptions): Asked<string> {
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
  return ask(box, () => (validate() ? box.value : undefined));
}

type Box = vscode.QuickInput & { readonly onDidAccept: vscode.Event<void> };

/** Ends the open question. Two at once would take the only box from each other. */
let endOpen: () => void = () => undefined;

/**
 * Shows a box until there is an answer, the user closes it, or another question takes its place. `read` returns undefined
 * while there is no answer; `onAgain` refills a box that is shown again.
 */
function ask<T>(box: Box, read: () => T | undefined, onAgain?: () => void): Asked<T> {
  const parts = new DisposableStore();
  parts.add(box);
  let isOpen = true;
  const answer = new Promise<T | undefined>((resolve) => {
    const end = (answer: T | undefined): void => {
      isOpen = false;
      parts.dispose();
      resolve(answer);
    };
    endOpen();
    endOpen = () => end(undefined);
    const { ignoreFocusOut } = box;
    const timers = [
      setTimeout(() => (box.ignoreFocusOut = true), TOO_SOON_MS),
      setTimeout(() => (box.ignoreFocusOut = ignoreFocusOut), SETTLED_MS),
    ];
    parts.add({ dispose: () => timers.forEach(clearTimeout) });
    /** When VS Code was told to show it, and when it had; Infinity while unknown. */
    let [calledAt, shownAt] = [0, Infinity];
    let chances = CHANCES;
    const show = (): void => {
      const chance = chances;
      [calledAt, shownAt] = [Date.now(), Infinity];
      box.show();
      const shown = (): void => {
        if (chance === chances) shownAt = Date.now();
      };
      logFailure(untilDone().then(shown, shown));
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
  return {
    answer,
    focus: () => {
      if (isOpen) box.show();
    },
  };
}

/** VS Code executes calls in order, with a delay on a busy machine: once it answers this one, earlier ones are done. */
async function untilDone(): Promise<void> {
  await vscode.commands.executeCommand("setContext", "forkchat.asks", true);
}
