// A wall clock that is wrong, and can jump, for a program of Node.js that runs as a process of its own.
import { renameSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export class ShiftedClock {
  readonly #file: string;
  #milliseconds = 0;

  /** @param file where the program reads the difference; it is made */
  constructor(file: string) {
    this.#file = file;
    this.milliseconds = 0;
  }

  /** By how much it is ahead. A program that runs sees it at once. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  set milliseconds(milliseconds: number) {
    this.#milliseconds = milliseconds;
    // At once, so that no half of a number is read.
    writeFileSync(`${this.#file}.new`, String(milliseconds));
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Words before the program. */
  get within(): readonly string[] {
    const module = `
      import { readFileSync } from "node:fs";
      const file = new URL(${JSON.stringify(pathToFileURL(this.#file).href)});
      const { now } = Date;
      Date.now = () => now() + Number(readFileSync(file, "utf8"));
      globalThis.Date = new Proxy(Date, {
        construct: (target, args, other) => Reflect.construct(target, args.length === 0 ? [Date.now()] : args, other),
      });`;
    return ["env", `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(module)}`];
  }
}
