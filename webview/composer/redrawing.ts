// Draws a picture anew: only its pixels stay, and neither the place nor the camera that its file names.

/** Pixels of a picture that is drawn: four bytes each. */
const MOST_PIXELS = 40_000_000;

/** The formats that can be drawn. */
const FORMATS: readonly string[] = ["image/png", "image/jpeg", "image/webp"];

/** A GIF may move, which drawing would stop, and an SVG is no camera's. */
export function isRedrawn(type: string): boolean {
  return type.startsWith("image/") && !["image/gif", "image/svg+xml"].includes(type);
}

/** In the same format, or as a PNG. Throws if it cannot be read as a picture, or is too large to be drawn. */
export async function redrawn(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = bitmap;
    if (width * height > MOST_PIXELS) throw new Error("Too many pixels");
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("Nothing can be drawn");
    context.drawImage(bitmap, 0, 0);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error("Not drawn")) : resolve(blob)),
        FORMATS.includes(file.type) ? file.type : "image/png",
        0.92,
      );
    });
  } finally {
    bitmap.close();
  }
}
