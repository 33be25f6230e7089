// How often a JPEG is drawn over: each scan goes through all of its pixels, and a few bytes make one.

/** Scans of a picture that is shown. Programs write about ten, each with finer details. */
const MOST_SCANS = 32;

const START_OF_SCAN = 0xda;
const END = 0xd9;

/** Goes from marker to marker as decoders do, which skip what stands between them. Takes a time that grows with the bytes alone. */
export function hasManyScans(jpeg: Uint8Array): boolean {
  let scans = 0;
  let place = 2;
  for (;;) {
    place = jpeg.indexOf(0xff, place) + 1;
    const marker = place === 0 ? END : (jpeg[place] ?? END);
    if (marker === END) return false;
    if (!isSegment(marker)) continue;
    if (marker === START_OF_SCAN && ++scans > MOST_SCANS) return true;
    place += 1 + Math.max(2, (jpeg[place + 1] ?? 0) * 256 + (jpeg[place + 2] ?? 0));
  }
}

/** Not a byte of the pixels, a mark within them, or one that decoders skip alone. */
function isSegment(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd8);
}
