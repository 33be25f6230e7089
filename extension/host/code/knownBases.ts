// Committed files that sent lines came from. The next lines from the same file are found without a run of git.

/** Texts that are kept, and UTF-16 units in all of them. */
const MOST_TEXTS = 16;
const MOST_UNITS = 4 * 1024 * 1024;

type Known = { readonly file: string; readonly text: string };

export class KnownBases {
  /** The latest first. */
  #known: readonly Known[] = [];

  /** @param file a URI */
  of(file: string): readonly string[] {
    return this.#known.filter((known) => known.file === file).map(({ text }) => text);
  }

  remember(file: string, text: string): void {
    const others = this.#known.filter((known) => known.file !== file || known.text !== text);
    let units = 0;
    this.#known = [{ file, text }, ...others]
      .slice(0, MOST_TEXTS)
      .filter((known) => (units += known.text.length) <= MOST_UNITS);
  }
}
