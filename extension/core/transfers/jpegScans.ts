// How often a JPEG is drawn over: each scan goes through all of its pixels, and a few bytes make one.

/** Scans of a picture that is shown. Programs write about ten, each with finer details. */
const MOST_SCANS = 32;

const START_OF_SCAN = 0xda;
const END = 0xd9;

/**
 * Goes from marker to marker as decoders do, which skip what stands between them. Reads each byte at most twice: searching for the
 * next marker would take ten times as long where there are millions.
 */
export function hasManyScans(jpeg: Uint8Array): boolean {
  let scans = 0;
  for (let place = 2; place < jpeg.length; place++) {
    if (jpeg[place] !== 0xff) continue;
    const marker = jpeg[place + 1] ?? END;
    if (marker === END) return false;
    if (!isSegment(marker)) continue;
    if (marker === START_OF_SCAN && ++scans > MOST_SCANS) return true;
    place += 1 + Math.max(2, (jpeg[place + 2] ?? 0) * 256 + (jpeg[place + 3] ?? 0));
  }
  return false;
}

/** Not a byte of the pixels, a mark within them, or one that decoders skip alone. */
function isSegment(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd8);
}
