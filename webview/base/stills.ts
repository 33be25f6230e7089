// Pictures as they stand in the log: reduced to the size that they are shown in. A large one takes most of a second to decode, so
// that this is done one after the other, and beside the page's own thread.

type Still = {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** Null if there is no such picture. */
  readonly take: (bitmap: ImageBitmap | null) => void;
};

/** The policy of the page lets only its own script make one. */
const SOURCE = `onmessage = async ({ data: { blob, ...size } }) => {
  const bitmap = await createImageBitmap(blob, { ...size, resizeQuality: "medium" }).catch(() => null);
  postMessage(bitmap, bitmap === null ? [] : [bitmap]);
};`;

const waiting: Still[] = [];
let worker: Worker | null = null;
let isBusy = false;

/** Draws a picture when it is its turn. Returns how to call that off. */
export function drawStill(still: Still): () => void {
  waiting.push(still);
  if (!isBusy) void drawAll();
  return () => {
    const at = waiting.indexOf(still);
    if (at >= 0) waiting.splice(at, 1);
  };
}

async function drawAll(): Promise<void> {
  isBusy = true;
  for (let still = waiting.shift(); still !== undefined; still = waiting.shift())
    still.take(await drawn(still).catch(() => null));
  isBusy = false;
}

async function drawn({ url, width, height }: Still): Promise<ImageBitmap | null> {
  const response = await fetch(url);
  if (!response.ok) return null;
  const blob = await response.blob();
  worker ??= new Worker(URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" })));
  const drawing = worker;
  return new Promise((resolve) => {
    drawing.onmessage = ({ data }: MessageEvent<ImageBitmap | null>) => resolve(data);
    // Without one, no picture can be drawn, and none waits for another.
    drawing.onerror = () => resolve(null);
    drawing.postMessage({ blob, resizeWidth: width, resizeHeight: height });
  });
}
