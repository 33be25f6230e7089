// Keys that an input method takes.

/** The code of a key that goes to an input method. Safari reports it for the Enter that accepts a word, after the composition. */
const TAKEN = 229;

/** Whether a key is for the input method. Its Enter accepts a word. */
export function isForInputMethod(event: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else says it in Safari
  return event.isComposing || event.keyCode === TAKEN;
}
