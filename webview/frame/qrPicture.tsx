// A QR code drawn from its rows: dark on white in every theme, because phones would not read it otherwise.

/** Light modules around the code, as the standard requires. */
const QUIET_ZONE = 4;

/** Whole pixels, so that every module has sharp edges. */
const PIXELS_PER_MODULE = 5;

type QrPictureProps = {
  /** `1` is dark, `0` light. */
  readonly rows: readonly string[];
  readonly name: string;
};

export function QrPicture({ rows, name }: QrPictureProps) {
  const modules = rows.length + 2 * QUIET_ZONE;
  const size = modules * PIXELS_PER_MODULE;
  return (
    <svg
      class="qr"
      role="img"
      aria-label={name}
      viewBox={`0 0 ${modules} ${modules}`}
      width={size}
      height={size}
    >
      <rect class="light" width={modules} height={modules} />
      <path class="dark" d={rows.map(rowPath).join("")} />
    </svg>
  );
}

/** The dark runs of a row, each as a rectangle. */
function rowPath(row: string, y: number): string {
  return [...row.matchAll(/1+/gu)]
    .map(({ index, 0: run }) => {
      const { length } = run;
      return `M${index + QUIET_ZONE} ${y + QUIET_ZONE}h${length}v1h-${length}z`;
    })
    .join("");
}
