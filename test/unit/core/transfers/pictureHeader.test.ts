// Kind and size of a picture from its first bytes, for real pictures, and for bytes that only claim to be one.
import assert from "node:assert/strict";
import fc from "fast-check";
import sharp from "sharp";
import { readPictureHeader } from "../../../../extension/core/transfers/pictureHeader.ts";

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "red" } });
const bytesOf = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );

const SIGNATURES = [
  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
  "GIF89a",
  "RIFF\0\0\0\0WEBPVP8X\n\0\0\0",
  "RIFF\0\0\0\0WEBPVP8L\n\0\0\0/",
  "RIFF\0\0\0\0WEBPVP8 \n\0\0\0\0\0\0\x9d\x01*",
  "\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0\x08\0\0\0",
  "\xff\xd8\xff\xc0\0\x11\x08",
];

describe("the header of a picture", () => {
  const [width, height] = [321, 123];
  const kinds = {
    png: () => drawn(width, height).png(),
    jpeg: () => drawn(width, height).jpeg({ progressive: true }),
    gif: () => drawn(width, height).gif(),
    webp: () => drawn(width, height).webp(),
    "webp without loss": () => drawn(width, height).webp({ lossless: true }),
    "webp with properties": () =>
      drawn(width, height)
        .webp()
        .withExif({ IFD0: { Artist: "anna" } }),
    "jpeg with a profile": () => drawn(width, height).jpeg().withIccProfile("p3"),
  };
  for (const [name, make] of Object.entries(kinds))
    it(`has the size of a ${name}`, async () => {
      const [kind] = name.split(" ");
      assert.deepEqual(readPictureHeader(await make().toBuffer()), {
        ...{ kind, width, height },
        mayMove: kind === "gif",
      });
    });

  for (const [orientation, isTurned] of [
    [1, false],
    [3, false],
    [5, true],
    [6, true],
    [8, true],
  ] as const)
    it(`says how a camera's picture is shown: orientation ${orientation}`, async () => {
      const jpeg = await drawn(width, height).jpeg().withMetadata({ orientation }).toBuffer();
      const shown = isTurned ? { width: height, height: width } : { width, height };
      assert.deepEqual(readPictureHeader(jpeg), { kind: "jpeg", ...shown, mayMove: false });
    });

  it("is none of an SVG, a BMP, a text, or nothing", () => {
    for (const text of [
      "",
      "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
      "BM\x36\0",
      "hello",
    ])
      assert.equal(readPictureHeader(bytesOf(text)), null);
  });

  it("is none of a picture without pixels, or with too many", () => {
    const png = (w: number[], h: number[]) =>
      bytesOf("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", w, h, "\x08\x02\0\0\0crc?\0\0\0\x01IDAT");
    assert.equal(readPictureHeader(png([0, 0, 0, 0], [0, 0, 0, 1])), null);
    assert.deepEqual(readPictureHeader(png([0, 0, 0x10, 0], [0, 0, 0x10, 0]))?.width, 4096);
    assert.equal(readPictureHeader(png([0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff])), null);
    assert.equal(
      readPictureHeader(bytesOf("RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0", [255, 255, 255, 255, 255, 255])),
      null,
    );
  });

  it("has the size of a GIF's first frame if that is larger than its screen", async () => {
    const gif = await drawn(width, height).gif().toBuffer();
    const withScreen = (side: number): Buffer => {
      const lying = Buffer.from(gif);
      lying.writeUInt16LE(side, 6);
      lying.writeUInt16LE(side, 8);
      return lying;
    };
    assert.deepEqual(readPictureHeader(withScreen(1)), { kind: "gif", width, height, mayMove: true });
    assert.deepEqual(readPictureHeader(withScreen(500)), {
      kind: "gif",
      width: 500,
      height: 500,
      mayMove: true,
    });
    const place = gif.lastIndexOf(bytesOf("\x2c\0\0\0\0"));
    const large = withScreen(1);
    large.writeUInt16LE(50_000, place + 5);
    assert.equal(readPictureHeader(large), null);
    const far = withScreen(1);
    far.writeUInt16LE(50_000, place + 1);
    assert.equal(readPictureHeader(far), null);
  });

  it("is none of a picture that may move and has many pixels: each frame is decoded again and again", async () => {
    const frames = (side: number): Promise<Buffer> => {
      const bytes = new Uint8Array(2 * 3 * side * side).fill(255, 3 * side * side);
      const raw = { width: side, height: 2 * side, channels: 3 as const, pageHeight: side };
      return sharp(bytes, { raw })
        .webp({ loop: 0, delay: [20, 20] })
        .toBuffer();
    };
    assert.deepEqual(readPictureHeader(await frames(100)), {
      ...{ kind: "webp", width: 100, height: 100 },
      mayMove: true,
    });
    assert.equal(readPictureHeader(await frames(2_100)), null);
    assert.equal(readPictureHeader(await drawn(2_100, 2_100).gif().toBuffer()), null);
    const png = await drawn(2_100, 2_100).png().toBuffer();
    assert.deepEqual(readPictureHeader(png), { kind: "png", width: 2_100, height: 2_100, mayMove: false });
    const moving = bytesOf([...png.subarray(0, 33)], "\0\0\0\x08acTL\0\0\0\x02\0\0\0\0crc?", [
      ...png.subarray(33),
    ]);
    assert.equal(readPictureHeader(moving), null);
    // What makes it move may stand where nothing is read.
    assert.equal(readPictureHeader(png.subarray(0, 33)), null);
  });

  it("is none of a JPEG whose pixels come before its size", () => {
    assert.equal(readPictureHeader(bytesOf("\xff\xd8\xff\xda\0\x04ab\xff\xc0\0\x11\x08\0\x10\0\x10")), null);
  });

  describe("of a JPEG with many scans, each of which a decoder draws over all of its pixels", () => {
    /** The last scan again and again, as many times as there are bytes for, with this between them. */
    const repeated = async (times: number, between: string): Promise<Uint8Array> => {
      const jpeg = await drawn(width, height).jpeg({ progressive: true }).toBuffer();
      const scan = jpeg.subarray(jpeg.lastIndexOf(bytesOf("\xff\xda")), -2);
      const more = Array.from({ length: times }, () => [between, [...scan]] as const).flat();
      return bytesOf([...jpeg.subarray(0, -2)], ...more, "\xff\xd9");
    };
    for (const [what, between] of [
      ["nothing", ""],
      ["bytes that decoders skip", "\0\0"],
      ["a comment", "\xff\xfe\0\x04hi"],
      ["marks of pixels", "\xff\0\xff\xd3\xff\xff"],
      ["a mark that decoders skip without its length", "\xff\x02\xff\xff"],
    ] as const)
      it(`is null: ${what} between them`, async () => {
        assert.equal(readPictureHeader(await repeated(40, between)), null);
        assert.equal(readPictureHeader(await repeated(40_000, between)), null);
        assert.deepEqual(readPictureHeader(await repeated(3, between))?.width, width);
      });

    it("is not null for what only looks like one: in a preview, a comment, or behind the end", async () => {
      const scans = "\xff\xda\0\x02".repeat(100);
      const jpeg = await drawn(width, height).jpeg().toBuffer();
      const start = bytesOf(
        [...jpeg.subarray(0, 2)],
        `\xff\xfe\x01\x92${scans}`,
        [...jpeg.subarray(2)],
        scans,
      );
      assert.equal(readPictureHeader(start)?.width, width);
    });
  });

  it("is null or a size within its bounds, whatever the bytes", () => {
    const random = fc.tuple(fc.constantFrom("", ...SIGNATURES), fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(random, ([signature, rest]) => {
        const header = readPictureHeader(bytesOf(signature, [...rest]));
        if (header === null) return;
        assert.ok(Number.isSafeInteger(header.width) && Number.isSafeInteger(header.height));
        assert.ok(header.width >= 1 && header.height >= 1 && header.width * header.height <= 40_000_000);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is null or the whole picture's, wherever the bytes end", async () => {
    for (const make of Object.values(kinds)) {
      const whole = await make().toBuffer();
      const expected = readPictureHeader(whole);
      for (let end = 0; end < Math.min(whole.length, 4_000); end++) {
        const header = readPictureHeader(whole.subarray(0, end));
        // Without pixels in sight, a picture may move.
        const isStill = header?.mayMove === false;
        if (header !== null) assert.deepEqual(header, { ...expected, mayMove: !isStill });
        assert.ok(!isStill || expected?.mayMove === false);
      }
    }
  });

  it("is read in a time that does not grow with lists that have no end", () => {
    const exif = "\xff\xe1\xff\xffExif\0\0II*\0\x08\0\0\0\xff\xff";
    const bytes = bytesOf(
      `\xff\xd8${exif}`,
      Array.from({ length: 400_000 }, () => 0xff),
    );
    assert.equal(readPictureHeader(bytes), null);
  });
});
