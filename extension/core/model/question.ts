// A question that keeps something waiting until its user answers.

/** A question to the user that keeps something waiting; never modal unless it is `loud`. */
export type Question = {
  readonly id: string;
  readonly text: string;
  /** Loud: something is wrong, a clear decision is needed before anything goes on. */
  readonly loud: boolean;
  /** Labels of the answers yes and no. */
  readonly yes: string;
  readonly no: string;
  /** Whether the answer `block` is offered. */
  readonly block: boolean;
};
