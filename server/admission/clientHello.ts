// Reads the first bytes of a TLS connection, to know when they are complete and what they cost the server. Pure.

/** The groups for key exchanges, by name, in the order in which the server prefers them. */
export const keyExchangeGroups: ReadonlyMap<string, number> = new Map([
  ["X25519", 0x1d],
  ["P-256", 0x17],
  ["P-384", 0x18],
]);

const HANDSHAKE_RECORD = 22;
const RECORD_HEAD_BYTES = 5;
const CLIENT_HELLO = 1;
const TLS_1_3 = 0x0304;
const extensions = { groups: 10, versions: 43, keyShares: 51 } as const;
const READ: ReadonlySet<number> = new Set(Object.values(extensions));

/** Whether the first record is complete. Bytes that are not TLS count as complete: their answer is a refusal. */
export function isFirstRecordComplete(came: Buffer): boolean {
  if (came.length < RECORD_HEAD_BYTES) return false;
  return came[0] !== HANDSHAKE_RECORD || came.length >= RECORD_HEAD_BYTES + came.readUInt16BE(3);
}

/**
 * Whether the answer to this ClientHello holds all costly steps of the handshake: it is complete, and asks for TLS 1.3 with a
 * key share of the group that the server chooses. TLS 1.2 signs, decrypts or exchanges keys again in a later flight, and a
 * HelloRetryRequest moves everything there.
 */
export function isAnsweredInFull(came: Buffer): boolean {
  const record = new Reader(came);
  if (record.number(1) !== HANDSHAKE_RECORD) return false;
  record.skip(2);
  const fragment = record.vector(2);
  if (fragment.number(1) !== CLIENT_HELLO) return false;
  const hello = fragment.vector(3);
  // Its version and random bytes, session ID, cipher suites, compression methods.
  hello.skip(2 + 32);
  for (const lengthBytes of [1, 2, 1]) hello.vector(lengthBytes);
  const found = new Map<number, Reader>();
  for (const list = hello.vector(2); list.left > 0;) {
    const type = list.number(2);
    const length = list.number(2);
    if (READ.has(type)) found.set(type, list.take(length));
    else list.skip(length);
  }
  if (record.isShort || fragment.isShort || hello.isShort) return false;

  const versions = numbersIn(found.get(extensions.versions)?.vector(1));
  const groups = numbersIn(found.get(extensions.groups)?.vector(2));
  const chosen = [...keyExchangeGroups.values()].find((group) => groups.includes(group));
  return versions.includes(TLS_1_3) && chosen !== undefined && sharesIn(found).includes(chosen);
}

function numbersIn(list: Reader | undefined): number[] {
  const numbers: number[] = [];
  while (list !== undefined && list.left > 0) numbers.push(list.number(2));
  return numbers;
}

/** The groups of the key shares. */
function sharesIn(found: ReadonlyMap<number, Reader>): number[] {
  const groups: number[] = [];
  const shares = found.get(extensions.keyShares)?.vector(2);
  while (shares !== undefined && shares.left > 0) {
    groups.push(shares.number(2));
    shares.skip(shares.number(2));
  }
  return groups;
}

/**
 * Takes numbers and vectors from the front. Makes no view of the bytes: a hello of 8 KiB can have 2,000 extensions, and that many
 * views cost as much as its answer.
 */
class Reader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  /** More was asked for than was there. */
  isShort = false;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  /** 0 if it is not there. */
  number(bytes: number): number {
    const at = this.#at;
    if (this.skip(bytes) < bytes) return 0;
    let number = 0;
    for (let n = at; n < this.#at; n++) number = number * 256 + (this.#bytes[n] ?? 0);
    return number;
  }

  /** The bytes behind their length. */
  vector(lengthBytes: number): Reader {
    return this.take(this.number(lengthBytes));
  }

  take(bytes: number): Reader {
    const at = this.#at;
    return new Reader(this.#bytes, at, at + this.skip(bytes));
  }

  /** @returns how many of these bytes were there */
  skip(bytes: number): number {
    const taken = Math.min(bytes, this.left);
    if (taken < bytes) this.isShort = true;
    this.#at += taken;
    return taken;
  }
}
