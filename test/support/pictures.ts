// Writes screenshots for documents: small, and visually lossless.
import sharp from "sharp";

/** A window has few colors: a palette makes the picture a third as large. */
export async function writePicture(path: string, png: Buffer): Promise<void> {
  await sharp(png).png({ palette: true, dither: 0, effort: 8 }).toFile(path);
}

export type Scene = { readonly png: Buffer; readonly ms: number };

/** Shows each scene for its time, in a loop. A GIF, because every site that renders the README shows it. */
export async function writeAnimation(path: string, scenes: readonly Scene[]): Promise<void> {
  await sharp(
    scenes.map(({ png }) => png),
    { join: { animated: true } },
  )
    // Text needs its edges, not a dither that also changes between scenes.
    .gif({ delay: scenes.map(({ ms }) => ms), loop: 0, dither: 0, effort: 10, interFrameMaxError: 2 })
    .toFile(path);
}
