// A sender that lies about files, and a window's receiving side with a real disk: flipped bits, wrong hashes, sizes, indexes and
// roots, missing, doubled and swapped bytes, and names that lead elsewhere. No wrong byte gets into the folder that the user chose,
// and nothing into another one.
import assert from "node:assert/strict";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { FileReceiver } from "../../extension/host/transfers/fileReceiver.ts";
import { Sidecars } from "../../extension/host/transfers/sidecars.ts";
import {
  BLOCK_BYTES,
  blockCount,
  blockSize,
  CHUNK_BYTES,
  type BulkFrame,
  type FileId,
  type FilePart,
  type Sha256,
  type TransferMessage,
} from "../../protocol/bulk.ts";
import { nameFault } from "../../protocol/fileNames.ts";
import { pin, sid } from "../support/fileTransfers.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { fileId, hashOf, rootOf } from "../support/fileIds.ts";
import { fuzz, LONG } from "./fuzz.ts";

const LIES = LONG ? 10_000 : 240;
const NAMES = LONG ? 1_000 : 40;

type Item = BulkFrame | Buffer;
type Block = Extract<BulkFrame, { type: "block" }>;

/** What an honest sender sends of a file from a block on. */
function honest(id: FileId, data: Buffer, from: number): Item[] {
  const blocks = Array.from({ length: blockCount(data.length) }, (_, index) =>
    data.subarray(index * BLOCK_BYTES, index * BLOCK_BYTES + blockSize(data.length, index)),
  );
  const items = blocks.flatMap((block, index): Item[] => {
    if (index < from) return [];
    const chunks = Array.from({ length: Math.ceil(block.length / CHUNK_BYTES) }, (_, i) =>
      block.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
    );
    return [{ type: "block", id, index, size: block.length, sha256: hashOf(block) }, ...chunks];
  });
  return [...items, { type: "end", id, root: rootOf(blocks.map(hashOf)) }];
}

const isBytes = (item: Item): item is Buffer => Buffer.isBuffer(item);
const isBlock = (item: Item): item is Block => !isBytes(item) && item.type === "block";

/** Changes one item, or the order of two. */
const lies: readonly ((items: Item[], random: () => number) => Item[])[] = [
  (items, random) => changed(items, isBytes, random, (bytes) => flipped(bytes, random)),
  (items, random) => changed(items, isBytes, random, (bytes) => bytes.subarray(1)),
  (items, random) => changed(items, isBytes, random, (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
  (items, random) => changed(items, isBytes, random, () => null),
  (items, random) => changed(items, isBlock, random, (block) => ({ ...block, sha256: otherHash(random) })),
  (items, random) => changed(items, isBlock, random, (block) => ({ ...block, size: block.size - 1 })),
  (items, random) => changed(items, isBlock, random, (block) => ({ ...block, size: block.size + 1 })),
  (items, random) => changed(items, isBlock, random, (block) => ({ ...block, index: block.index + 1 })),
  (items, random) => changed(items, isBlock, random, () => null),
  (items, random) => {
    const last = items.at(-1);
    return last === undefined || isBytes(last) || last.type !== "end"
      ? items
      : items.with(-1, { ...last, root: otherHash(random) });
  },
  (items) => items.slice(0, -2).concat(items.slice(-1), items.slice(-2, -1)),
  (items) => items.slice(0, 2).concat(items.slice(1)),
];

/** Bytes by which the file that is sent is longer than the one that was offered. */
const LENGTHS: readonly number[] = [1, -1, CHUNK_BYTES, BLOCK_BYTES];

/** Pieces of names that lead elsewhere, mean something to a system, or hide what they are. */
const PIECES: readonly string[] = [
  ...[
    "..",
    ".",
    "/",
    "\\",
    "../",
    "..\\",
    "/etc/passwd",
    "C:",
    "C:\\",
    "\\\\host\\share",
    "%2e%2e%2f",
    "~",
    "~1",
  ],
  ...[
    "CON",
    "nul.txt",
    "aux",
    "COM1",
    "lpt¹",
    "conin$",
    ":stream",
    "::$DATA",
    ".git",
    ".GIT",
    "git~1",
    ".vscode",
  ],
  ...[
    "\0",
    "\n",
    "\r",
    "\u001B[2J",
    "\u202E",
    "\u200B",
    "\u2028",
    "\uFEFF",
    "\uD800",
    "e\u0301",
    "\u00E9",
    "ſ",
  ],
  ...[
    " ",
    ".",
    "...",
    "<",
    '"',
    "|",
    "?",
    "*",
    "$(id)",
    "-rf",
    "x".repeat(260),
    "\u{1F600}".repeat(70),
    "a",
    ".sh",
  ],
];

function hostileName(random: () => number): string {
  const pieces = Array.from(
    { length: 1 + Math.floor(4 * random()) },
    () => PIECES[Math.floor(random() * PIECES.length)],
  );
  return pieces.join("");
}

function changed<T extends Item>(
  items: Item[],
  fits: (item: Item) => item is T,
  random: () => number,
  change: (item: T) => Item | null,
): Item[] {
  const places = items.flatMap((item, i) => (fits(item) ? [i] : []));
  const at = places[Math.floor(random() * places.length)] ?? 0;
  return items.flatMap((item, i) => (i === at && fits(item) ? (change(item) ?? []) : [item]));
}

function flipped(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const bit = Math.floor(random() * 8 * copy.length);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

const otherHash = (random: () => number): Sha256 => hashOf(Buffer.from(String(random())));

/** The receiving side of a window, and what it asks for. */
class Receiving {
  readonly root = mkdtempSync(join(tmpdir(), "fork-chat-lies-"));
  /** Not directly in the root, so that a name that leads out of it shows. */
  readonly chosen = join(this.root, "files", "of", "anna");
  readonly told: TransferMessage[] = [];
  #isLinked = false;
  #n = 0;
  readonly #receiver: FileReceiver;

  constructor() {
    mkdirSync(this.chosen, { recursive: true });
    const folder = join(this.root, "transfers");
    this.#receiver = new FileReceiver({
      ...{ sid, pin, folder, sidecars: new Sidecars(folder) },
      wire: {
        tell: (frame) => this.told.push(frame),
        sendBulk: () => undefined,
        sendChunk: () => undefined,
        hold: () => undefined,
        refuse: () => (this.#isLinked = false),
      },
      onChange: () => undefined,
      delivered: () => undefined,
      report: (error) => assert.fail(String(error)),
    });
  }

  /** What is there beside the folder of transfers, wherever it is. */
  files(): string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((each) => !each.isDirectory() && each.parentPath !== join(this.root, "transfers"))
      .map((each) => join(each.parentPath, each.name));
  }

  #isRefused(): boolean {
    return !this.#isLinked;
  }

  /** Accepts a file, and lets a sender answer each request. */
  async fetch(part: FilePart, answer: (from: number) => Item[]): Promise<void> {
    this.#receiver.take({ type: "bulkLink", n: ++this.#n });
    this.#isLinked = true;
    this.#receiver.offer(part);
    await this.#receiver.accept(part.id, this.chosen);
    await this.#receiver.close();
    for (let next = this.told.shift(); next !== undefined; next = this.told.shift()) {
      if (next.type !== "fetch") continue;
      for (const [i, item] of answer(next.from).entries()) {
        if (this.#isRefused()) break;
        if (isBytes(item)) this.#receiver.take({ type: "chunk", bytes: item.length }, item);
        else this.#receiver.take({ type: "bulk", frame: item });
        // A real link waits for credit.
        if (i % 3 === 2) await this.#receiver.close();
      }
      await this.#receiver.close();
    }
    this.#receiver.take({ type: "cancel", id: part.id });
    await this.#receiver.close();
  }
}

describe("files of a sender that lies", () => {
  fuzz(`never get into the user's folder (${LIES})`, async (seed) => {
    const random = seededRandom(seed);
    const receiving = new Receiving();
    try {
      for (let n = 0; n < LIES; n++) {
        // Most have one block, so that there are many.
        const size = 1 + Math.floor(random() * (random() < 0.03 ? 2.5 * BLOCK_BYTES : 3 * CHUNK_BYTES));
        const data = Buffer.alloc(size, String(random()));
        const id = fileId(n);
        const name = hostileName(random);
        const kind = n % (lies.length + LENGTHS.length);
        const [lie, more] = [lies[kind], LENGTHS[kind - lies.length] ?? 0];
        const part: FilePart = { kind: "file", id, name, size: Math.max(0, size - more) };
        await receiving.fetch(part, (from) => {
          const items = honest(id, data, from);
          return lie === undefined ? items : lie(items, random);
        });
        assert.deepEqual(receiving.files(), [], `lie ${kind} of ${size} bytes, ${JSON.stringify(name)}`);
      }
    } finally {
      rmSync(receiving.root, { recursive: true, force: true });
    }
  });

  fuzz(`call no file what leads elsewhere (${NAMES} names)`, async (seed) => {
    const random = seededRandom(seed);
    const receiving = new Receiving();
    try {
      for (let n = 0; n < NAMES; n++) {
        const name = hostileName(random);
        const data = Buffer.from(String(random()));
        const part: FilePart = { kind: "file", id: fileId(n), name, size: data.length };
        // As if the schema, which refuses most of them, were not there.
        await receiving.fetch(part, (from) => honest(part.id, data, from));
        const [path, ...others] = receiving.files();
        assert.ok(path !== undefined && others.length === 0, JSON.stringify(name));
        assert.equal(dirname(path), receiving.chosen, JSON.stringify(name));
        assert.equal(nameFault(basename(path), process.platform === "win32"), null, JSON.stringify(name));
        assert.ok(lstatSync(path).isFile() && readFileSync(path).equals(data), JSON.stringify(name));
        rmSync(path);
      }
    } finally {
      rmSync(receiving.root, { recursive: true, force: true });
    }
  });
});
