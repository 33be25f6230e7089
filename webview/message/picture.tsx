// A picture in the log. Its size is known before it is loaded, so that nothing moves. It is drawn when it comes near, and one
// that moves plays for a while when it comes into view, and as long as it is pointed at or focused.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { KeptFile } from "../../protocol/webview.ts";
import { fileTexts } from "../base/fileTexts.ts";
import { keptUrl } from "../base/keptUrl.ts";
import { drawStill } from "../base/stills.ts";

type PictureProps = {
  readonly kept: KeptFile;
  readonly size: NonNullable<KeptFile["picture"]>;
  readonly name: string;
  /** Whether it is a Tab stop. */
  readonly reached: boolean;
  readonly onOpen: () => void;
};

/** How far from the view a picture is drawn. Beyond that, its memory is free again. */
const NEAR = "100%";

/** Milliseconds for which a moving picture plays by itself. */
const PLAY_MS = 10_000;

export function Picture({ kept, size, name, reached, onOpen }: PictureProps) {
  const { width, height, moves } = size;
  const [isGone, setGone] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const isNear = useInView(button, NEAR);
  const plays = useTurn(useInView(button, "0px") && moves === true && !wantsStillness());
  const isPlaying = moves === true && (isHeld || plays);
  const url = keptUrl(kept);

  useEffect(() => {
    const canvas = still.current;
    if (!isNear || canvas === null) return;
    const { clientWidth = 0, clientHeight = 0 } = button.current ?? {};
    const scale = Math.min(1, devicePixelRatio * Math.min(clientWidth / width, clientHeight / height));
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    let isWanted = true;
    const callOff = drawStill({
      ...{ url, width: across ?? 1, height: down ?? 1 },
      take: (bitmap) => {
        if (!isWanted) bitmap?.close();
        else if (bitmap === null) setGone(true);
        else {
          Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
          canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
        }
      },
    });
    return () => {
      isWanted = false;
      callOff();
      Object.assign(canvas, { width: 1, height: 1 });
    };
  }, [isNear, url]);

  if (isGone) return <p class="picture-gone">{fileTexts.pictureGone}</p>;
  return (
    <button
      ref={button}
      class="picture"
      type="button"
      title={fileTexts.openPicture}
      tabIndex={reached ? 0 : -1}
      style={{ "--width": `${String(width)}px`, "--ratio": String(width / height) }}
      onClick={onOpen}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <canvas ref={still} role="img" aria-label={name} hidden={isPlaying} width={1} height={1} />
      {isPlaying ? (
        <img src={url} width={width} height={height} alt={name} decoding="async" draggable={false} />
      ) : null}
    </button>
  );
}

function useInView(element: RefObject<Element | null>, margin: string): boolean {
  const [isInView, setInView] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((all) => setInView(all.at(-1)?.isIntersecting === true), {
      rootMargin: margin,
    });
    if (element.current !== null) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return isInView;
}

/** True for a while whenever something begins to be wanted. */
function useTurn(isWanted: boolean): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    setOver(false);
    if (!isWanted) return;
    const timer = setTimeout(() => setOver(true), PLAY_MS);
    return () => clearTimeout(timer);
  }, [isWanted]);
  return isWanted && !isOver;
}

/** VS Code's setting `workbench.reduceMotion`, which follows the system unless the user says otherwise. */
function wantsStillness(): boolean {
  return document.body.classList.contains("vscode-reduce-motion");
}
