// The size limits of the bundles and what they consist of, for the build, which prints them, and for a test.
import type { Metafile } from "esbuild";

const KILOBYTE = 1024;

/** Bytes by path, with a little room. Anything larger needs a change here. */
export const BUNDLE_LIMITS: Readonly<Record<string, number>> = {
  "dist/server.js": 318 * KILOBYTE,
  "dist/cluster.cjs": 60 * KILOBYTE,
  "dist/extension.cjs": 8 * KILOBYTE,
  "dist/chatWindow.cjs": 718 * KILOBYTE,
  "dist/selfsigned.cjs": 400 * KILOBYTE,
  "dist/webview/panel.js": 376 * KILOBYTE,
  "dist/webview/panel.css": 40 * KILOBYTE,
};

/** Smaller parts are not listed. */
const SMALL_BYTES = 2 * KILOBYTE;

type Output = Metafile["outputs"][string];

/** A line per bundle, and one per part: a folder of this project, or a library. */
export function describeBundle(path: string, { bytes, inputs }: Output): string[] {
  const parts = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
    const part = partOf(input);
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  const shown = [...parts].filter(([, size]) => size >= SMALL_BYTES).sort(([, a], [, b]) => b - a);
  const limit = BUNDLE_LIMITS[path];
  return [
    `${line(path, bytes)}${limit === undefined ? "" : `, at most ${(limit / KILOBYTE).toFixed(0)} KB`}`,
    ...shown.map(([part, size]) => line(`  ${part}`, size)),
  ];
}

function partOf(input: string): string {
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
  if (library !== undefined) return library;
  return /^(extension\/[^/]+|[^/]+)\//.exec(input)?.[1] ?? input;
}

function line(what: string, bytes: number): string {
  return `${what.padEnd(32)} ${(bytes / KILOBYTE).toFixed(1).padStart(8)} KB`;
}
