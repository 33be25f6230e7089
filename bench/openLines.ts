// The time from selected lines in one window to the same lines open in another, in real VS Code windows: two keys on each side.
// The reader's clone has other lines above them. What people need between the keys does not count. In the same run, for
// comparison: how long VS Code needs to show a file that is chosen in its own list.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Frame } from "playwright-core";
import { makePackage } from "../scripts/makePackage.ts";
import { commit, edit, functionsOf, git } from "../test/support/gitRepository.ts";
import { eventually } from "../test/vscode/driver/eventually.ts";
import { ServerProcess } from "../test/support/serverProcess.ts";
import { ChatPanel } from "../test/vscode/driver/chatPanel.ts";
import type { VsCodeWindow } from "../test/vscode/driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "../test/vscode/windows/chatWindows.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf, p95Of } from "./quantiles.ts";
import type { Options } from "./options.ts";

/** By the number of their functions, of seven lines each. */
const FILES = { "short.ts": 30, "long.ts": 715 };
const FUNCTION_LINES = 7;
const MORE_ABOVE = 3;
const ROUNDS = 40;
const WARM_UP = 2;
const MOST_MS = 1_000;

type Sample = {
  readonly file: string;
  readonly attachMs: number;
  readonly sendMs: number;
  readonly openMs: number;
  /** VS Code's own opening of the file. */
  readonly ownMs: number;
};

export async function run({ short, rounds }: Options): Promise<void> {
  await makePackage(() => undefined);
  const server = await ServerProcess.start();
  const windows = await ChatWindows.start(server.url, {}, ["git", "git-base"]);
  const samples: Sample[] = [];
  try {
    await makeClones(windows);
    const [annas, bobbys] = [await windows.open("anna"), await windows.open("bobby")];
    // The chat opens beside a file that is open.
    for (const each of [annas, bobbys]) await each.openFile("short.ts");
    const anna = await joinByPalette(annas, "anna");
    await joinByPalette(bobbys, "bobby");
    await anna.type("\\send short.ts:1-6");
    await annas.page.locator(".monaco-dialog-box").getByRole("button", { name: "Attach" }).click();
    await anna.frame.getByRole("group", { name: "Attached: short.ts:1-6" }).waitFor();
    await anna.composer.press("Enter");
    const all = WARM_UP + (rounds ?? (short ? 5 : ROUNDS));
    for (let round = 0; round < all; round++) {
      for (const [file, functions] of Object.entries(FILES)) {
        // Spread over the file, and never the same function twice.
        const line = Math.floor(((round + 1) * (functions - 1)) / (all + 1)) * FUNCTION_LINES + 1;
        const sample = await sendAndOpen(annas, bobbys, file, line);
        if (round >= WARM_UP) samples.push(sample);
      }
    }
  } finally {
    await windows.stop();
    await server.stop();
  }
  for (const file of Object.keys(FILES)) report(file, samples);
  printTargets([
    {
      what: "ms from a selection to the open lines (p95)",
      value: p95Of(samples.map(({ attachMs, sendMs, openMs }) => attachMs + sendMs + openMs)),
      atMost: MOST_MS,
    },
  ]);
  keepResults("openLines", samples);
}

async function makeClones(windows: ChatWindows): Promise<void> {
  const origin = windows.folderOf("origin");
  await mkdir(origin);
  await git(origin, "init", "--quiet");
  const files = Object.entries(FILES).map(
    ([file, count]) => [file, functionsOf(file.slice(0, -3), count)] as const,
  );
  await commit(origin, Object.fromEntries(files));
  for (const name of ["anna", "bobby"]) await git(dirname(origin), "clone", "--quiet", "origin", name);
  for (const file of Object.keys(FILES))
    await edit(windows.folderOf("bobby"), file, (text) => "// More above.\n".repeat(MORE_ABOVE) + text);
}

async function sendAndOpen(
  annas: VsCodeWindow,
  bobbys: VsCodeWindow,
  file: string,
  line: number,
): Promise<Sample> {
  const ownMs = await openFromList(bobbys, file);
  await bobbys.runCommand("Chat: Open");
  const bobby = await ChatPanel.of(bobbys);
  await bobby.composer.focus();
  await annas.openFile(file);
  await annas.page.keyboard.press("Control+G");
  await annas.quickInput.accept(`:${line}`);
  await annas.page.locator(cursorAt(`Ln ${line}, Col 1`)).waitFor();
  for (let each = 1; each < FUNCTION_LINES; each++) await annas.page.keyboard.press("Shift+ArrowDown");

  const place = `${file}:${line}-${line + FUNCTION_LINES - 2}`;
  // Finding the panel again would be the driver's time.
  const anna = await ChatPanel.of(annas);
  const selected = performance.now();
  const isAttached = appearance(anna.frame, `[role="group"][aria-label="Attached: ${place}"]`);
  await annas.page.keyboard.press("Shift+Alt+M");
  const attached = await isAttached;
  const isThere = appearance(bobby.frame, `[role="log"] [role="group"][aria-label="Code ${place}"]`);
  await annas.page.keyboard.press("Enter");
  const arrived = await isThere;
  const isOpen = appearance(bobbys.page.mainFrame(), cursorAt(`Ln ${line + MORE_ABOVE}, Col 1`));
  await bobbys.page.keyboard.press("Shift+Tab");
  await bobbys.page.keyboard.press("Enter");
  return {
    file,
    attachMs: attached - selected,
    sendMs: arrived - attached,
    openMs: (await isOpen) - arrived,
    ownMs,
  };
}

/** With the chat in front. */
async function openFromList(window: VsCodeWindow, file: string): Promise<number> {
  await window.runCommand("Chat: Open");
  await window.page.locator(cursorAt("Ln ")).waitFor({ state: "hidden" });
  await window.runCommand("Go to File...");
  await window.quickInput.fill(file);
  await eventually("the file in the list", async () => (await window.quickInput.labels())[0] === file);
  const isOpen = appearance(window.page.mainFrame(), cursorAt("Ln "));
  const chosen = performance.now();
  await window.page.keyboard.press("Enter");
  return (await isOpen) - chosen;
}

/** The status bar's entry for the position of the cursor, as far as its text is known. */
const cursorAt = (start: string): string => `.statusbar-item[aria-label^="${start}"]`;

/**
 * Resolves with when an element that matches appears. The page itself looks at each of its changes: a locator asks again
 * after pauses of up to half a second.
 */
async function appearance(frame: Frame, selector: string): Promise<number> {
  await frame.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        if (document.querySelector(wanted) !== null) {
          resolve();
          return;
        }
        new MutationObserver((_changes, observer) => {
          if (document.querySelector(wanted) === null) return;
          observer.disconnect();
          resolve();
        }).observe(document, { attributes: true, childList: true, subtree: true });
      }),
    selector,
  );
  return performance.now();
}

function report(wanted: string, samples: readonly Sample[]): void {
  const own = samples.filter(({ file }) => file === wanted);
  const cell = (step: Exclude<keyof Sample, "file">): string => {
    const values = own.map((sample) => sample[step]);
    return `${medianOf(values).toFixed(0)} ms (p95 ${p95Of(values).toFixed(0)})`;
  };
  console.log(
    `${wanted}: to the chip ${cell("attachMs")}, to the card ${cell("sendMs")}, to the lines ${cell("openMs")}; ` +
      `VS Code's own opening of it ${cell("ownMs")}`,
  );
}
