// The text of a message that offers a file: what clients that take no files show, and what is searched and exported.
import type { FilePart } from "./bulk.ts";

const units = ["bytes", "KB", "MB", "GB"] as const;

/** A size for people: `1.2 MB`. In decimal units, as file managers have them. */
export function sizeText(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[power] ?? ""}`;
}

export function offerText({ name, size }: Pick<FilePart, "name" | "size">): string {
  return `File: ${name} (${sizeText(size)})`;
}

/** For a peer that cannot take files. */
export function offerTextWithoutFiles(part: FilePart): string {
  return `${offerText(part)}\nTo receive it, update Fork Chat and ask for the file again.`;
}
