// Breaks valid messages in every way in which a hostile, faulty or different version might. For the tests in this folder. The
// same seed breaks the same things.
import { seededRandom } from "../support/seededRandom.ts";

/** Stands for nesting that no call stack holds, until a frame has its text. */
const DEEP = "\u0001deep\u0001";

/** What a value may become. */
const odd: readonly unknown[] = [
  ...[null, true, false, "", " ", "0", "null", [], {}, [[]], [null], { type: null }, DEEP],
  ...[0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e21, 1e308, -1e308, 5e-324, 65_535, 65_536],
  ...[
    "\ud800",
    "\udc00a",
    "a\ud83d",
    "\u0000",
    "\u202e\u2066",
    "\ufeff",
    "e\u0301\u0301\u0301\u0301",
    "\u2028",
  ],
  ...[
    "127.0.0.1",
    "::ffff:127.0.0.1",
    "fe80::1%eth0",
    "999.1.1.1",
    "example.org",
    "\\",
    "\\\\",
    "\r\nHost: x",
  ],
  ...["__proto__", "constructor", "toString", "hello", "join", "A", "\u{1f600}".repeat(40), "0".repeat(43)],
];

/** What only a value that comes without JSON can be. */
const oddValues: readonly unknown[] = [
  ...[
    undefined,
    NaN,
    Infinity,
    -Infinity,
    10n,
    Symbol.iterator,
    () => 1,
    new Date(0),
    /x/u,
    new Map([["a", 1]]),
  ],
  ...[new Uint8Array(9), Array<unknown>(5), new Proxy({}, {}), new Set([1])],
];

const hostileKeys = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "then", "toJSON"],
  ...["length", "type", "kind", "0", "", "\ud800", "__defineGetter__"],
];

/** Characters of a frame: more than either wire takes. */
const LONGEST = 300_000;

type Path = readonly (string | number)[];

export class Mutator {
  readonly #random: () => number;
  readonly #samples: readonly unknown[];
  readonly #keys: readonly string[];

  constructor(seed: number, samples: readonly unknown[]) {
    this.#random = seededRandom(seed);
    this.#samples = samples;
    this.#keys = [...new Set([...hostileKeys, ...samples.flatMap(keysOf)])];
  }

  /** Below `n`, from 0. */
  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  chance(p: number): boolean {
    return this.#random() < p;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined && items.length === 0) throw new Error("There is nothing to pick from");
    return item as T;
  }

  /** One of the samples with up to four things wrong, which JSON can express. */
  broken(): unknown {
    let value: unknown = structuredClone(this.pick(this.#samples));
    for (let n = this.below(5); n > 0; n--) value = this.#breakOne(value, () => this.#odd());
    return value;
  }

  /** The same with what only a value can be that was never JSON. */
  brokenValue(): unknown {
    return this.#breakOne(this.broken(), () =>
      this.chance(0.05) ? nested(this.below(20_000)) : this.pick(oddValues),
    );
  }

  /** The text of a frame: a broken message, or a sound one whose text was broken. */
  frame(): string {
    const depth = this.pick([1, 10, 100, 100, 1000, 1000, 1000, 20_000]);
    const [open, close] = this.pick(["[ ]", '{"a": }', "[{},[ ]]"]).split(" ");
    const brackets = (): string => `${(open ?? "").repeat(depth)}1${(close ?? "").repeat(depth)}`;
    let text = JSON.stringify(this.broken()).replace(JSON.stringify(DEEP), brackets);
    while (this.chance(0.4)) text = this.breakText(text);
    return text.slice(0, LONGEST);
  }

  /** Any text with one thing wrong. */
  breakText(text: string): string {
    const at = this.below(text.length + 1);
    const length = this.below(12);
    switch (this.below(10)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(0, at) + text.slice(at + length);
      case 2:
        return text.slice(0, at) + text.slice(at, at + length).repeat(this.below(40)) + text.slice(at);
      case 3:
        return text.slice(0, at) + this.noise(length) + text.slice(at);
      case 4:
        return text.slice(0, at) + String.fromCharCode(this.below(0x1_0000)) + text.slice(at + 1);
      case 5:
        return text.replace("{", `{${JSON.stringify(this.pick(this.#keys))}:{"polluted":true},`);
      case 6:
        return text.replace(/\d+/u, () =>
          this.pick(["1e999", "-1e999", "-0", "0.1e-400", "9".repeat(400), "01", "1."]),
        );
      case 7:
        return text.replace(/"type":"[^"]*"/u, (type) => `${type},"type":"${this.pick(this.#keys)}"`);
      case 8:
        return text.replace(/"(?=[^":]*":)/u, "'");
      default:
        return `${this.pick(["\ufeff", "\u0000", " ", "//", "{", "["])}${text}`;
    }
  }

  /** So many characters of any kind. */
  noise(length: number): string {
    const ranges = [0x7f, 0x7f, 0x800, 0x1_0000];
    return String.fromCharCode(...Array.from({ length }, () => this.below(this.pick(ranges))));
  }

  #odd(): unknown {
    return structuredClone(this.pick(odd));
  }

  #breakOne(root: unknown, odd: () => unknown): unknown {
    const paths = pathsIn(root);
    const path = this.pick(paths);
    const name = path.at(-1);
    const parent = at(root, path.slice(0, -1));
    const value = at(root, path);
    if (name === undefined || !isRecord(parent)) return this.chance(0.2) ? odd() : this.#grow(root);
    switch (this.below(8)) {
      case 0:
        Reflect.deleteProperty(parent, name);
        break;
      case 1:
        define(parent, this.pick(this.#keys), value);
        break;
      case 2:
        define(parent, name, this.#twist(value));
        break;
      case 3:
        define(parent, name, structuredClone(at(this.pick(this.#samples), this.pick(paths))));
        break;
      case 4:
        define(parent, name, this.#grow(value));
        break;
      default:
        define(parent, name, odd());
    }
    return root;
  }

  /** Another type with the same contents. */
  #twist(value: unknown): unknown {
    if (typeof value === "string")
      return this.chance(0.5) ? value.slice(0, 50).split("") : { length: value.length };
    if (typeof value === "number")
      return this.pick([String(value), -value, value + 0.5, value * 1e300, value + 1]);
    if (Array.isArray(value)) return Object.fromEntries(Object.entries(value));
    if (isRecord(value)) return Object.values(value);
    return value === null ? {} : Number(value);
  }

  /** More of the same: longer, or with an unexpected field. */
  #grow(value: unknown): unknown {
    if (typeof value === "string")
      return value.padEnd(this.pick([33, 65, 129, 1025, 1025, 17_000]), this.pick(["x", "\u20ac", "\ud800"]));
    if (typeof value === "number") return value * 2 ** this.below(64);
    if (Array.isArray(value))
      return Array.from(
        { length: this.pick([17, 40, 300]) },
        (_, i): unknown => value[i % (value.length + 1)],
      );
    if (isRecord(value)) define(value, this.pick(this.#keys), this.#odd());
    return value;
  }
}

/** Bytes have no fields that a message could be broken in. */
function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

/** An own property, also under a name that would set the prototype; of a list, an item. */
function define(object: object, name: string | number, value: unknown): void {
  if (Array.isArray(object) && !/^\d{1,6}$/u.test(String(name))) name = object.length;
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The root's, and those of everything within it; of long lists the beginning. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (!isRecord(value) || path.length > 6) return [path];
  const names = Object.keys(value).slice(0, 20);
  return [path, ...names.flatMap((name) => pathsIn(value[name], [...path, name]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (within, name) => (isRecord(within) && Object.hasOwn(within, name) ? within[name] : undefined),
    value,
  );
}

function keysOf(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(keysOf)];
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}
