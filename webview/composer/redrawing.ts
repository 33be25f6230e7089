// Draws a picture anew: only its pixels stay, and neither the place nor the camera that its file names.

/** Pixels of a picture that is drawn: four bytes each. */
const MOST_PIXELS = 40_000_000;

/** A GIF may move, which drawing would stop, and has no place for a position. */
export function isRedrawn(type: string): boolean {
  return ["image/png", "image/jpeg", "image/webp"].includes(type);
}

/** In the same format. Throws if it is no picture, or too large to be drawn. */
export async function redrawn(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = bitmap;
    if (width * height > MOST_PIXELS) throw new Error("Too many pixels");
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error("Not drawn")) : resolve(blob)),
        file.type,
        0.92,
      );
    });
  } finally {
    bitmap.close();
  }
}
