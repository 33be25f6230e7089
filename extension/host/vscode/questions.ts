// Shows the core's questions: quietly as notifications, the loud ones as dialogs that have to be answered.
import * as l10n from "@vscode/l10n";
import type { Question } from "../../core/model/question.ts";
import type { Answer } from "../../core/model/events.ts";
import { confirmLoudly, showInfo } from "./notify.ts";

const BLOCK = l10n.t("Block");

/** Asks, and hands on what was answered; a notification that goes away by itself is no answer. */
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
