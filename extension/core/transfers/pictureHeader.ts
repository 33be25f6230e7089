// What kind of picture a file is, and how large, from its first bytes: known before anything decodes it.
import { hasManyScans } from "./jpegScans.ts";

export type PictureKind = "png" | "jpeg" | "gif" | "webp";

/** Width and height are as it is shown: a camera may have been held sideways. */
export type PictureHeader = {
  readonly kind: PictureKind;
  readonly width: number;
  readonly height: number;
  readonly mayMove: boolean;
};

/** Bytes that are enough for any usual file: a camera writes a preview and a color profile before the size. */
const HEADER_BYTES = 512 * 1024;

/** Bytes and pixels of a picture that is shown in the log. */
export const PICTURE_BYTES = 10 * 1024 * 1024;
const MOST_PIXELS = 40_000_000;

/** Pixels of one that may move: it is decoded again and again, as long as it is in view. */
const MOST_MOVING_PIXELS = 4_000_000;

/** Null if it is none of the four kinds, damaged, or has too many pixels or scans. Never throws. @param bytes of the whole file */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  const found = readAny(new Bytes(bytes.subarray(0, HEADER_BYTES)));
  if (found === null || (found.kind === "jpeg" && hasManyScans(bytes))) return null;
  const pixels = found.width * found.height;
  return pixels >= 1 && pixels <= (found.mayMove ? MOST_MOVING_PIXELS : MOST_PIXELS) ? found : null;
}

/** Bytes by their place. Those behind the end are -1, so that nothing they are compared with is equal. */
class Bytes {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  at(place: number): number {
    return this.#bytes[place] ?? -1;
  }

  /** Whole numbers of so many bytes; none that can be computed with if they are not all there. */
  big(place: number, count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + this.#orNone(place + i);
    return value;
  }

  little(place: number, count: number): number {
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + this.#orNone(place + i);
    return value;
  }

  has(place: number, text: string): boolean {
    return Array.from(text).every((letter, i) => this.at(place + i) === letter.charCodeAt(0));
  }

  #orNone(place: number): number {
    return this.#bytes[place] ?? NaN;
  }
}

function readAny(bytes: Bytes): PictureHeader | null {
  if (bytes.has(0, "\x89PNG\r\n\x1a\n") && bytes.big(8, 4) === 13 && bytes.has(12, "IHDR")) {
    const [width, height] = [bytes.big(16, 4), bytes.big(20, 4)];
    return { kind: "png", width, height, mayMove: mayPngMove(bytes) };
  }
  if (bytes.has(0, "GIF87a") || bytes.has(0, "GIF89a")) return readGif(bytes);
  if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) return readWebp(bytes);
  return bytes.has(0, "\xff\xd8") ? readJpeg(bytes) : null;
}

/** What makes one move stands before its pixels. Without pixels in sight, it may. */
function mayPngMove(bytes: Bytes): boolean {
  for (let place = 8; place < bytes.length; place += 12 + bytes.big(place, 4)) {
    if (bytes.has(place + 4, "IDAT")) return false;
    if (bytes.has(place + 4, "acTL")) return true;
  }
  return true;
}

/** A first frame that is larger than the screen enlarges it, whatever the header says. Later ones are cut. */
function readGif(bytes: Bytes): PictureHeader | null {
  const flags = bytes.at(10);
  let place = 13 + (flags >= 0x80 ? 3 * 2 ** ((flags % 8) + 1) : 0);
  while (bytes.at(place) === 0x21) {
    place += 2;
    while (bytes.at(place) > 0) place += 1 + bytes.at(place);
    place += 1;
  }
  if (bytes.at(place) !== 0x2c) return null;
  const side = (ofScreen: number, start: number, ofFrame: number): number =>
    Math.max(bytes.little(ofScreen, 2), bytes.little(place + start, 2) + bytes.little(place + ofFrame, 2));
  return { kind: "gif", width: side(6, 1, 5), height: side(8, 3, 7), mayMove: true };
}

function readWebp(bytes: Bytes): PictureHeader | null {
  const kind = "webp";
  if (bytes.has(12, "VP8X")) {
    const mayMove = Math.floor(bytes.at(20) / 2) % 2 === 1;
    return { kind, width: 1 + bytes.little(24, 3), height: 1 + bytes.little(27, 3), mayMove };
  }
  const still = { kind, mayMove: false } as const;
  if (bytes.has(12, "VP8L") && bytes.at(20) === 0x2f) {
    const packed = bytes.little(21, 4);
    return { ...still, width: 1 + (packed % 2 ** 14), height: 1 + (Math.floor(packed / 2 ** 14) % 2 ** 14) };
  }
  if (bytes.has(12, "VP8 ") && bytes.has(23, "\x9d\x01\x2a"))
    return { ...still, width: bytes.little(26, 2) % 2 ** 14, height: bytes.little(28, 2) % 2 ** 14 };
  return null;
}

/** Walks through the segments up to the one with the size. */
function readJpeg(bytes: Bytes): PictureHeader | null {
  let isTurned = false;
  for (let place = 2; place < bytes.length;) {
    if (bytes.at(place) !== 0xff) return null;
    const marker = bytes.at(place + 1);
    if (marker === 0xff) {
      // Any number of these may stand before a marker.
      place += 1;
      continue;
    }
    const length = bytes.big(place + 2, 2);
    if (!(length >= 2) || !hasLength(marker)) return null;
    if (isSize(marker)) {
      const [height, width] = [bytes.big(place + 5, 2), bytes.big(place + 7, 2)];
      const shown = isTurned ? { width: height, height: width } : { width, height };
      return { kind: "jpeg", ...shown, mayMove: false };
    }
    if (marker === 0xe1 && bytes.has(place + 4, "Exif\0\0")) isTurned = isSideways(bytes, place + 10);
    place += 2 + length;
  }
  return null;
}

/** Before the size there are none without a length, and not the pixels themselves. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xda && !(marker >= 0xd0 && marker <= 0xd9);
}

function isSize(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Entries of the first list of properties that are looked at. */
const MOST_PROPERTIES = 256;

/** Whether the camera says that it was held sideways. @param start of the properties */
function isSideways(bytes: Bytes, start: number): boolean {
  const isLittle = bytes.has(start, "II");
  if (!isLittle && !bytes.has(start, "MM")) return false;
  const read = (place: number, count: number): number =>
    isLittle ? bytes.little(start + place, count) : bytes.big(start + place, count);
  const list = read(4, 4);
  const count = Math.min(MOST_PROPERTIES, read(list, 2) || 0);
  for (let i = 0; i < count; i++) {
    const property = list + 2 + 12 * i;
    // The orientation: 5 to 8 are those with swapped sides.
    if (read(property, 2) === 0x0112) return read(property + 8, 2) >= 5 && read(property + 8, 2) <= 8;
  }
  return false;
}
