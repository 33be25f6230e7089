// Draws the throughput chart for the docs: messages delivered per second by number of readers, one line for each entrant. Both axes
// are logarithmic, so that equal ratios are equal distances.

export type Line = {
  readonly label: string;
  /** Whether this is Fork Chat, which stands out. */
  readonly isOwn: boolean;
  readonly points: readonly { readonly readers: number; readonly perSecond: number }[];
};

/** In pixels. */
export const WIDTH = 800;
export const HEIGHT = 440;
const PLOT = { left: 64, right: 590, top: 56, bottom: 388 };
const LABEL_DISTANCE = 17;

/** Fork Chat's line is thick. The others differ in hue. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #3b3f46; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #d0d4da; }
  .line { fill: none; stroke-width: 1.75; }
  .own { stroke-width: 3.5; }
  .own-label { font-weight: 600; }
`;
const OWN_COLOR = "#d1495b";
const COLORS = [
  "#3f6fb5",
  "#2f8f6b",
  "#8a6bb8",
  "#b07d2b",
  "#4a9bb5",
  "#7a8450",
  "#a2577f",
  "#6d7480",
  "#5a4f9e",
];

/** The picture as SVG. */
export function drawThroughput(lines: readonly Line[], title: string): string {
  const points = lines.flatMap((line) => line.points);
  const x = scale(
    points.map(({ readers }) => readers),
    PLOT.left,
    PLOT.right,
  );
  const y = scale(
    points.map(({ perSecond }) => perSecond),
    PLOT.bottom,
    PLOT.top,
  );
  const readers = [...new Set(points.map((point) => point.readers))].sort((a, b) => a - b);
  const most = readers.at(-1);
  const labels = spread(
    lines
      .filter(({ points }) => points.at(-1)?.readers === most)
      .map(({ label, points }) => ({ label, position: y(points.at(-1)?.perSecond ?? Number.NaN) })),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${PLOT.left}" y="26">${escaped(title)}</text>`,
    ...powers(points.map(({ perSecond }) => perSecond)).flatMap((value) => [
      `<path class="grid" d="M${PLOT.left} ${y(value).toFixed(1)}H${PLOT.right}"/>`,
      `<text x="${PLOT.left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${shortened(value)}</text>`,
    ]),
    ...readers.map(
      (count) =>
        `<text x="${x(count).toFixed(1)}" y="${PLOT.bottom + 22}" text-anchor="middle">${count.toLocaleString("en")}</text>`,
    ),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 44}" text-anchor="middle">readers</text>`,
    ...lines.flatMap(({ label, isOwn, points }, index) => {
      const color = isOwn ? OWN_COLOR : (COLORS[index % COLORS.length] ?? OWN_COLOR);
      const path = points.map(
        ({ readers, perSecond }) => `${x(readers).toFixed(1)} ${y(perSecond).toFixed(1)}`,
      );
      const end = points.at(-1);
      if (end === undefined) return [];
      const line = `<path class="line${isOwn ? " own" : ""}" stroke="${color}" d="M${path.join("L")}"/>`;
      const [endX, endY] = [x(end.readers), y(end.perSecond)];
      const at = labels.get(label);
      // An entrant that gave up is named where its line ends.
      if (at === undefined) {
        const mark = `<circle cx="${endX.toFixed(1)}" cy="${endY.toFixed(1)}" r="3.5" fill="${color}"/>`;
        return [line, mark, text(`${label} gives up`, endX + 9, endY, isOwn)];
      }
      return [
        line,
        `<path stroke="${color}" d="M${endX.toFixed(1)} ${endY.toFixed(1)}L${PLOT.right + 14} ${at.toFixed(1)}" opacity="0.5"/>`,
        text(label, PLOT.right + 18, at, isOwn),
      ];
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** From the values' range to a range of pixels. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => from + ((to - from) * (Math.log(value) - least)) / (most - least || 1);
}

/** Round values within the range: 1, 2 and 5 times each power of ten. */
function powers(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const round: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
    round.push(...[1, 2, 5].map((step) => step * power).filter((value) => value >= least && value <= most));
  }
  return round;
}

function shortened(value: number): string {
  return value >= 1e6 ? `${value / 1e6} M` : `${value / 1e3} k`;
}

/** Moves labels apart that would lie on each other, from the top down. */
function spread(
  labels: readonly { readonly label: string; readonly position: number }[],
): ReadonlyMap<string, number> {
  const moved = new Map<string, number>();
  let last = -Infinity;
  for (const { label, position } of labels.toSorted((a, b) => a.position - b.position)) {
    last = Math.max(position, last + LABEL_DISTANCE);
    moved.set(label, last);
  }
  return moved;
}

function text(label: string, x: number, y: number, isOwn: boolean): string {
  const style = isOwn ? ' class="own-label"' : "";
  return `<text${style} x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${escaped(label)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
