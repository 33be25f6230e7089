// Shows the core's questions: quietly as notifications, and loud ones as modal dialogs.
import * as l10n from "@vscode/l10n";
import type { Question } from "../../core/model/question.ts";
import type { Answer } from "../../core/model/events.ts";
import { confirmLoudly, showInfo } from "./notify.ts";

const BLOCK = l10n.t("Block");

/** Asks, and passes the answer on; a notification that disappears is no answer. */
export async function askUser(question: Question, answered: (answer: Answer) => void): Promise<void> {
  const { text, loud, yes, no, block } = question;
  if (loud) {
    answered((await confirmLoudly(text, "", yes)) ? "yes" : "no");
    return;
  }
  const choice = await showInfo(text, yes, no, ...(block ? [BLOCK] : []));
  if (choice === yes) answered("yes");
  else if (choice === BLOCK) answered("block");
  else if (choice === no) answered("no");
}
