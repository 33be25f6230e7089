// Shows the core's questions: quietly as notifications, and loud ones as modal dialogs.
import * as l10n from "@vscode/l10n";
import type { Answer } from "../../core/model/events.ts";
import type { Question } from "../../core/model/question.ts";
import type { Store } from "../store/store.ts";
import { confirmLoudly, showInfo } from "./notify.ts";

const BLOCK = l10n.t("Block");

/** Asks, and passes the answer on; a notification that disappears is no answer. */
export async function askUser(
  { id, text, loud, yes, no, block, tooLate }: Question,
  store: Pick<Store, "state" | "dispatch">,
): Promise<void> {
  const answered = (answer: Answer): void => store.dispatch({ type: "user/answer", question: id, answer });
  if (loud) {
    answered((await confirmLoudly(text, "", { action: yes, instead: no })) ? "yes" : "no");
    return;
  }
  const choice = await showInfo(text, yes, no, ...(block ? [BLOCK] : []));
  const isOver = !store.state.questions.some((question) => question.id === id);
  if (choice === yes && isOver && tooLate !== undefined) await showInfo(tooLate);
  else if (choice === yes) answered("yes");
  else if (choice === BLOCK) answered("block");
  else if (choice === no) answered("no");
}
