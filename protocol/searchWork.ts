// Bounds the search for places in files in one text.

/** Characters that may be looked at: a base, and some for each character. An ordinary stack trace uses about 4 for each. */
const BASE_WORK = 5_000;
const WORK_PER_CHARACTER = 12;

/** How much may be looked at in a text, and how much has been. */
export class SearchWork {
  readonly #most: number;
  #spent = 0;

  constructor(characters: number) {
    this.#most = BASE_WORK + WORK_PER_CHARACTER * characters;
  }

  get spent(): number {
    return this.#spent;
  }

  get isSpent(): boolean {
    return this.#spent >= this.#most;
  }

  /** Is charged before it is done, with what it costs at most. */
  spend(characters: number): void {
    this.#spent += characters;
  }
}
