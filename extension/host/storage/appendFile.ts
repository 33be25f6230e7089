// A file that only grows. A rewrite goes to a new file that is then moved into place, so a crash leaves the former one whole.
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** What a file's name ends with while it is written anew. */
export const ASIDE = ".new";

export class AppendFile {
  readonly path: string;
  #file: number | null = null;
  #added = 0;
  #bytes = 0;
  /** Some file systems give a file another number each time. */
  #isNumbered = true;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether there is something to add to. */
  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** The characters that were added since it began. */
  get added(): number {
    return this.#added;
  }

  /** Begins anew with this text. */
  begin(text: string): void {
    this.close();
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const aside = `${this.path}${ASIDE}`;
    this.#file = openSync(aside, "w+", 0o600);
    this.#orClose((file) => {
      writeFileSync(file, text);
      renameSync(aside, this.path);
    });
    this.#added = 0;
    this.#bytes = Buffer.byteLength(text);
    this.#isNumbered = true;
    this.#isNumbered = this.isInPlace;
  }

  /** Whether the path still leads to this file. Another process may have moved, replaced or deleted it. */
  get isInPlace(): boolean {
    if (this.#file === null) return true;
    try {
      const there = statSync(this.path, { bigint: true });
      const own = fstatSync(this.#file, { bigint: true });
      return !this.#isNumbered || (own.ino === there.ino && own.dev === there.dev);
    } catch {
      return false;
    }
  }

  /** Whether it is in its place and as long as what was written. Another process may have overwritten it. */
  get isWhole(): boolean {
    return this.#file === null || (fstatSync(this.#file).size === this.#bytes && this.isInPlace);
  }

  /** Everything that was written, wherever the file is now; empty while it is not open. */
  read(): string {
    if (this.#file === null) return "";
    const bytes = Buffer.alloc(fstatSync(this.#file).size);
    let length = 0;
    for (;;) {
      const read = readSync(this.#file, bytes, length, bytes.length - length, length);
      if (read === 0) return bytes.toString("utf8", 0, length);
      length += read;
    }
  }

  /** Does nothing while it is not open. */
  add(text: string): void {
    if (this.#file === null) return;
    this.#orClose((file) => writeFileSync(file, text));
    this.#added += text.length;
    this.#bytes += Buffer.byteLength(text);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Ends it for good. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** A full disk may take the beginning of a line alone: nothing is ever added behind such a one. */
  #orClose(write: (file: number) => void): void {
    if (this.#file === null) return;
    try {
      write(this.#file);
    } catch (error) {
      this.close();
      rmSync(`${this.path}${ASIDE}`, { force: true });
      throw error;
    }
  }
}
