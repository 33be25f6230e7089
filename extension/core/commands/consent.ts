// The user's answers: to questions on the screen, and typed as `\accept NAME` and `\decline NAME`.
import { nameKey } from "../../../protocol/names.ts";
import { assertNever, err, ok, type Result } from "../../../protocol/result.ts";
import type { Answer } from "../model/events.ts";
import { decideChangedPin } from "../forks/forking.ts";
import { accept, decline } from "../forks/invites.ts";
import { part, partAnyway } from "../leaving/parting.ts";
import * as questions from "../people/questions.ts";
import * as whereabouts from "../people/whereabouts.ts";
import { failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { personOf } from "../people/questions.ts";

/** Answers a question. Does nothing if the question is already closed. */
export function answer(turn: Turn, id: string, given: Answer): void {
  const question = questions.close(turn, (each) => each.id === id);
  if (question === undefined) return;
  switch (question.about) {
    case "invite": {
      const invite = turn.state.invites.find(({ sid }) => sid === question.sid);
      if (given === "yes") accept(turn, question.sid);
      else decline(turn, question.sid, given === "block" ? "unavailable" : "declined");
      if (given === "block" && invite !== undefined) {
        const { from: name, pin } = invite;
        part(turn, { what: "block", name, pin }, { request: null, typed: null });
      }
      return;
    }
    case "where":
      return whereabouts.answer(turn, question.sid, given === "yes");
    case "changed-pin":
      return decideChangedPin(turn, question, given === "yes");
    case "parting":
      if (given === "yes") partAnyway(turn, question.parting);
      return;
    default:
      assertNever(question);
  }
}

/** Answers the open question about a person. */
export function answerAbout(turn: Turn, name: string, given: Answer): Result<undefined, Failure> {
  const key = nameKey(name);
  const question = turn.state.questions.find((each) => nameKey(personOf(turn.state, each)) === key);
  if (question === undefined) return err(failures.noQuestion(name));
  answer(turn, question.id, given);
  return ok(undefined);
}
