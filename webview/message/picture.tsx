// A picture in the log. Its size is known before it is loaded, so that nothing moves.
import { useRef, useState } from "preact/hooks";
import type { KeptFile } from "../../protocol/webview.ts";
import { fileTexts } from "../base/fileTexts.ts";
import { keptUrl } from "../base/keptUrl.ts";

type PictureProps = {
  readonly kept: KeptFile;
  readonly size: NonNullable<KeptFile["picture"]>;
  readonly name: string;
  /** Whether it is a Tab stop. */
  readonly reached: boolean;
  readonly onOpen: () => void;
};

/** Pixels on a side of what stands in for a picture that moves. */
const STILL_SIDE = 800;

/** Where the user wants no motion, a picture that can move stands still until it is pointed at or focused. */
export function Picture({ kept, size: { width, height }, name, reached, onOpen }: PictureProps) {
  const [isGone, setGone] = useState(false);
  const [isStill, setStill] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  const still = useRef<HTMLCanvasElement>(null);
  const isStillShown = isStill && !isPlaying;
  const stop = (image: HTMLImageElement): void => {
    if (still.current === null || !wantsStillness() || !canMove(kept)) return;
    const scale = Math.min(1, STILL_SIDE / Math.max(width, height));
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    Object.assign(still.current, { width: across, height: down });
    // The first frame, also of one that moves.
    still.current.getContext("2d")?.drawImage(image, 0, 0, still.current.width, still.current.height);
    setStill(true);
  };
  if (isGone) return <p class="picture-gone">{fileTexts.pictureGone}</p>;
  return (
    <button
      class="picture"
      type="button"
      title={fileTexts.openPicture}
      tabIndex={reached ? 0 : -1}
      style={{ "--width": `${String(width)}px`, "--ratio": String(width / height) }}
      onClick={onOpen}
      onPointerEnter={() => setPlaying(true)}
      onPointerLeave={() => setPlaying(false)}
      onFocus={() => setPlaying(true)}
      onBlur={() => setPlaying(false)}
    >
      <canvas ref={still} role="img" aria-label={name} hidden={!isStillShown} />
      <img
        hidden={isStillShown}
        src={keptUrl(kept)}
        width={width}
        height={height}
        alt={name}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={({ currentTarget }) => stop(currentTarget)}
        onError={() => setGone(true)}
      />
    </button>
  );
}

/** VS Code's setting `workbench.reduceMotion`, which follows the system unless the user says otherwise. */
function wantsStillness(): boolean {
  return document.body.classList.contains("vscode-reduce-motion");
}

function canMove({ path }: KeptFile): boolean {
  return !/\.jpe?g$/iu.test(path);
}
