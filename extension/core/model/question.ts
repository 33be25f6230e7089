// A question that keeps something waiting until the user answers.

/** A question to the user that keeps something waiting; modal only if it is `loud`. */
export type Question = {
  readonly id: string;
  readonly text: string;
  /** Loud: something is wrong, and an explicit decision is needed before anything continues. */
  readonly loud: boolean;
  /** Labels of the affirmative and negative answers. */
  readonly yes: string;
  readonly no: string;
  /** Whether the answer `block` is offered. */
  readonly block: boolean;
  /** What to say to someone who agrees when it is too late. */
  readonly tooLate?: string;
};
