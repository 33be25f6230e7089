// Two sides of a session that send each other a file: real files, and a wire that hands every frame over at once.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import type { BulkMessage, FilePart, TransferMessage } from "../../protocol/bulk.ts";
import { Pin, SessionId } from "../../protocol/fields.ts";
import { FileReceiver } from "../../extension/host/transfers/fileReceiver.ts";
import { FileSender } from "../../extension/host/transfers/fileSender.ts";
import { Sidecars } from "../../extension/host/transfers/sidecars.ts";
import type { Wire } from "../../extension/host/transfers/wire.ts";
import { seededRandom } from "./seededRandom.ts";
import { fileId } from "./fileIds.ts";

export const sid = v.parse(SessionId, "session-1");
export const pin = v.parse(Pin, "A".repeat(43));

/** Bytes that do not repeat. */
export function noise(bytes: number, seed = 1): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256));
}

export function partOf(path: string, n = 0): FilePart {
  return { kind: "file", id: fileId(n), name: basename(path), size: statSync(path).size };
}

export class FilePair {
  readonly root: string;
  readonly errors: unknown[] = [];
  readonly told: TransferMessage[] = [];
  /** Blocks in the order in which they came. */
  readonly blocks: number[] = [];
  /** Looks at each chunk before it is handed over. Returns false to lose it, and the bulk link with it. */
  onChunk: () => boolean = () => true;
  sender!: FileSender;
  receiver!: FileReceiver;
  #n = 0;
  /** The receiver reads nothing, and what has been sent meanwhile. */
  #isHeld = false;
  #unread: (() => void)[] = [];
  #watchers: (() => void)[] = [];

  constructor(root: string) {
    this.root = root;
  }

  get transfers(): string {
    return join(this.root, "transfers");
  }

  get chosen(): string {
    return join(this.root, "chosen");
  }

  write(name: string, bytes: Uint8Array): string {
    mkdirSync(this.chosen, { recursive: true });
    const path = join(this.root, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** Starts both sides, with what sidecars hold. */
  async start(): Promise<void> {
    await this.startSender();
    await this.startReceiver();
  }

  async startSender(): Promise<void> {
    this.sender = await FileSender.restore(
      this.#deps(join(this.root, "sent"), {
        tell: (frame) => this.#later(() => this.receiver.take({ type: "peer", frame })),
        sendBulk: (frame) => this.#bulk(frame),
        sendChunk: (bytes) => this.#chunk(bytes),
        hold: () => undefined,
      }),
    );
  }

  async startReceiver(): Promise<void> {
    this.receiver = await FileReceiver.restore(
      this.#deps(this.transfers, {
        tell: (frame) => {
          this.told.push(frame);
          this.#later(() => this.sender.take({ type: "peer", frame }));
        },
        sendBulk: (frame) =>
          this.#later(() => {
            if (frame.type === "credit") this.sender.take({ type: "credit", bytes: frame.bytes });
          }),
        sendChunk: () => undefined,
        hold: (isHeld) => this.#hold(isHeld),
      }),
    );
  }

  /** A new bulk link. */
  link(): void {
    this.cut();
    this.#isHeld = false;
    const n = ++this.#n;
    this.sender.take({ type: "bulkLink", n });
    this.receiver.take({ type: "bulkLink", n });
  }

  cut(): void {
    this.#unread = [];
    this.sender.take({ type: "bulkLink", n: null });
    this.receiver.take({ type: "bulkLink", n: null });
  }

  /** Resolves when this holds of the two sides. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  async close(): Promise<void> {
    this.cut();
    // The receiver's last words cause a save of the sender.
    await this.receiver.close();
    await this.sender.close();
  }

  #deps(folder: string, wire: Omit<Wire, "refuse">): ConstructorParameters<typeof FileReceiver>[0] {
    return {
      ...{ sid, pin, folder, sidecars: new Sidecars(folder) },
      wire: { ...wire, refuse: (why) => this.errors.push(why) },
      delivered: () => undefined,
      onChange: () => this.#wake(),
      report: (error) => {
        this.errors.push(error);
        this.#wake();
      },
    };
  }

  #wake(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }

  /** A frame takes a moment: a side never hears the answer before it has finished what it does. */
  #later(deliver: () => void): void {
    queueMicrotask(deliver);
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    while (!this.#isHeld) {
      const next = this.#unread.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** Over the bulk link, which the receiver may not be reading. */
  #toReceiver(deliver: () => void): void {
    const n = this.#n;
    this.#later(() => {
      if (n !== this.#n) return;
      this.#unread.push(deliver);
      this.#hold(this.#isHeld);
    });
  }

  #bulk(frame: BulkMessage): void {
    this.#toReceiver(() => {
      if (frame.type === "block") this.blocks.push(frame.index);
      this.receiver.take({ type: "bulk", frame });
    });
  }

  #chunk(bytes: Uint8Array): void {
    const copy = Uint8Array.from(bytes);
    this.#toReceiver(() => {
      if (this.onChunk()) this.receiver.take({ type: "chunk", bytes: copy.length }, copy);
      else this.cut();
    });
  }
}
