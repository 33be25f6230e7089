// Questions that wait for the user. The state knows what each is about; the host decides how it is shown.
import * as l10n from "@vscode/l10n";
import { isHeld } from "./attention.ts";
import type { Question } from "../model/question.ts";
import type { OpenQuestion, State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";
import { trustTexts } from "../texts/texts.ts";
import { assertNever } from "../../../protocol/result.ts";

type About<Q> = Q extends unknown ? Omit<Q, "id"> : never;

/** Asks in a way that can also be answered from the keyboard (`\accept`, `\decline`). */
export function ask(turn: Turn, about: About<OpenQuestion>, question: Omit<Question, "id">): void {
  const id = turn.newMessageId();
  turn.set({ questions: [...turn.state.questions, { ...about, id }] });
  const asked = { ...question, id };
  // A loud question is the answer to something the user has just done.
  if (isHeld(turn.state) && !question.loud) turn.set({ unasked: [...turn.state.unasked, asked] });
  else turn.emit({ type: "ask", question: asked });
}

/** A modal dialog, for a key that the user's own request has met. */
export function ofChangedKey(name: string): Omit<Question, "id"> {
  return {
    text: trustTexts.askChanged(name),
    loud: true,
    yes: l10n.t("Trust New Key"),
    no: l10n.t("Don't Trust"),
    block: false,
  };
}

/** Closes a question, answered or not. Undefined if it is no longer open. */
export function close(turn: Turn, matches: (question: OpenQuestion) => boolean): OpenQuestion | undefined {
  const question = turn.state.questions.find(matches);
  if (question === undefined) return undefined;
  turn.set({
    questions: turn.state.questions.filter((other) => other !== question),
    unasked: turn.state.unasked.filter(({ id }) => id !== question.id),
  });
  turn.emit({ type: "withdraw", question: question.id });
  return question;
}

/** The people the open questions are about. */
export function askedAbout(state: State): string[] {
  return state.questions.map((question) => personOf(state, question)).filter((name) => name !== "");
}

export function personOf(state: State, question: OpenQuestion): string {
  switch (question.about) {
    case "invite":
      return state.invites.find(({ sid }) => sid === question.sid)?.from ?? "";
    // Only in its notification or dialog: `\accept` is about requests for private sessions. One of that name may be open, too.
    case "changed-pin":
    case "where":
    case "parting":
      return "";
    default:
      return assertNever(question);
  }
}
