// A picture in the log. Its size is known before it is loaded, so that nothing moves.
import { useState } from "preact/hooks";
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

export function Picture({ kept, size: { width, height }, name, reached, onOpen }: PictureProps) {
  const [isGone, setGone] = useState(false);
  if (isGone) return <p class="picture-gone">{fileTexts.pictureGone}</p>;
  return (
    <button
      class="picture"
      type="button"
      title={fileTexts.openPicture}
      tabIndex={reached ? 0 : -1}
      style={{ "--width": `${String(width)}px`, "--ratio": String(width / height) }}
      onClick={onOpen}
    >
      <img
        src={keptUrl(kept)}
        width={width}
        height={height}
        alt={name}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setGone(true)}
      />
    </button>
  );
}
