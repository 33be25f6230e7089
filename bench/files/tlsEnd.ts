// One end of a bare TLS 1.3 connection as a process of its own: reads all that comes, or sends so many bytes and waits until the
// other end has them all. With a file, it does the least that a transfer has to do: each block is read, hashed and written.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import { connect, createServer, type TLSSocket } from "node:tls";
import { generate } from "selfsigned";

const CHUNK = Buffer.alloc(64 * 1024, 1);
const BLOCK = 1024 * 1024;
/** Memory for blocks: one that is filled, and those that are on their way to the disk. */
const BLOCKS = 4;

async function receive(path: string | undefined): Promise<void> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "bare" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
  });
  const server = createServer({ key, cert, minVersion: "TLSv1.3" }, (socket) => {
    const stored = path === undefined ? socket.resume() : store(socket, path);
    // The end of what comes is answered with an end.
    socket.once("end", () => void Promise.resolve(stored).then(() => socket.end()));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  console.log(address.port);
}

/** Resolves at the end of what comes, when it is written. */
async function store(socket: TLSSocket, path: string): Promise<void> {
  const blockAt = blockMemory();
  const opened = open(path, "w");
  let written: Promise<unknown> = opened;
  let [waiting, filled, at] = [0, 0, 0];
  const writeBlock = (): void => {
    const block = blockAt(at).subarray(0, filled);
    const from = at;
    createHash("sha256").update(block).digest();
    waiting += 1;
    if (waiting === BLOCKS - 1) socket.pause();
    written = written.then(async () => {
      await (await opened).write(block, 0, block.length, from);
      waiting -= 1;
      socket.resume();
    });
    [at, filled] = [at + filled, 0];
  };
  socket.on("data", (bytes: Buffer) => {
    for (let done = 0; done < bytes.length;) {
      const size = Math.min(bytes.length - done, BLOCK - filled);
      bytes.copy(blockAt(at), filled, done, done + size);
      [done, filled] = [done + size, filled + size];
      if (filled === BLOCK) writeBlock();
    }
  });
  await once(socket, "end");
  if (filled > 0) writeBlock();
  await written;
  await (await opened).close();
}

async function send(port: number, bytes: number, path: string | undefined): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, minVersion: "TLSv1.3", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const start = performance.now();
  if (path === undefined) {
    for (let sent = 0; sent < bytes; sent += CHUNK.length) await write(socket, CHUNK);
  } else {
    for await (const block of hashedBlocks(await open(path), bytes))
      for (let at = 0; at < block.length; at += CHUNK.length)
        await write(socket, block.subarray(at, at + CHUNK.length));
  }
  socket.resume();
  socket.end();
  await once(socket, "close");
  console.log((performance.now() - start) / 1_000);
}

/** Reads the next block while one is sent. */
async function* hashedBlocks(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  const blockAt = blockMemory();
  const read = async (at: number): Promise<Buffer> => {
    const block = blockAt(at);
    const { bytesRead } = await file.read(block, 0, BLOCK, at);
    return block.subarray(0, bytesRead);
  };
  let next = read(0);
  for (let at = 0; at < bytes; at += BLOCK) {
    const block = await next;
    next = read(at + BLOCK);
    createHash("sha256").update(block).digest();
    yield block;
  }
  await next;
  await file.close();
}

/** Memory that is used again, by where a block begins. */
function blockMemory(): (at: number) => Buffer {
  const memory = Buffer.alloc(BLOCKS * BLOCK);
  return (at) => memory.subarray(at % memory.length, (at % memory.length) + BLOCK);
}

async function write(socket: TLSSocket, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, "drain");
}

const [what, ...words] = process.argv.slice(2);
if (what === "receive") await receive(words[0]);
else await send(Number(words[0]), Number(words[1]), words[2]);
