// An append-only file. A rewrite goes to a new file that is then renamed into place, so a crash leaves the old one
// intact.
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { renameFileSync } from "./renameFile.ts";

/** The suffix of a file while it is being rewritten. */
export const ASIDE = ".new";

export class AppendFile {
  readonly path: string;
  #file: number | null = null;
  #added = 0;
  #bytes = 0;
  /** Some file systems report a different inode number each time. */
  #isNumbered = true;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether the file is open for appending. */
  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** The characters appended since it was started. */
  get added(): number {
    return this.#added;
  }

  /** Starts the file again with this text. */
  begin(text: string): void {
    this.close();
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const aside = `${this.path}${ASIDE}`;
    this.#file = openSync(aside, "w+", 0o600);
    this.#orClose((file) => {
      writeFileSync(file, text);
      renameFileSync(aside, this.path);
    });
    this.#added = 0;
    this.#bytes = Buffer.byteLength(text);
    this.#isNumbered = true;
    this.#isNumbered = this.isInPlace;
  }

  /** Whether the path still refers to this file. Another process may have moved, replaced or deleted it. */
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

  /** Whether it is in its place and has its full length. Another process may have overwritten it. */
  get isWhole(): boolean {
    return this.#file === null || (fstatSync(this.#file).size === this.#bytes && this.isInPlace);
  }

  /** Everything written so far, wherever the file is now; empty if it is not open. */
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

  /** Appends text. Does nothing if the file is not open. */
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

  /** Deletes it. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** A full disk may accept only the beginning of a line: nothing is ever appended after that. */
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
