// Writes pictures of windows as readers load them: small, and with nothing lost that can be seen.
import sharp from "sharp";

/** A window has few colours: a palette of them makes a picture a third as large. */
export async function writePicture(path: string, png: Buffer): Promise<void> {
  await sharp(png).png({ palette: true, dither: 0, effort: 8 }).toFile(path);
}

export type Scene = { readonly png: Buffer; readonly ms: number };

/** Shows each scene for its time, all of them over and over. A GIF: every place at which a README is read shows it. */
export async function writeAnimation(path: string, scenes: readonly Scene[]): Promise<void> {
  await sharp(
    scenes.map(({ png }) => png),
    { join: { animated: true } },
  )
    // Text needs its edges, not a dither that also changes from one scene to the next.
    .gif({ delay: scenes.map(({ ms }) => ms), loop: 0, dither: 0, effort: 10, interFrameMaxError: 2 })
    .toFile(path);
}
