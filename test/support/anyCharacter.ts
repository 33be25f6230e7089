// Any character of Unicode, for random strings. fast-check has the unit "binary" for that, but first fills a table of all of
// them, which takes longer than most tests.
import fc from "fast-check";

export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10_ffff })
  .map((code) => String.fromCodePoint(code));
