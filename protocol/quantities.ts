// Sizes, rates and times for people, in their language. In decimal units, as file managers have them.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `1.2 MB` */
export function sizeIn(locale: string | undefined, bytes: number): string {
  return inUnits(locale, bytes, "");
}

/** `1.2 MB/s` */
export function rateIn(locale: string | undefined, bytesPerSecond: number): string {
  return inUnits(locale, bytesPerSecond, "-per-second");
}

/** `12 seconds`, `3 minutes`, `2 hours`: no more exact than it can be known. */
export function durationIn(locale: string | undefined, seconds: number): string {
  const [unit, length] = seconds < 60 ? ["second", 1] : seconds < 3_600 ? ["minute", 60] : ["hour", 3_600];
  const value = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(locale, { style: "unit", unit: unit, unitDisplay: "long" }).format(value);
}

function inUnits(locale: string | undefined, bytes: number, per: string): string {
  const power = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const unit = `${UNITS[power] ?? "byte"}${per}`;
  const maximumFractionDigits = power > 0 && value < 10 ? 1 : 0;
  const unitDisplay = power === 0 && per === "" ? "long" : "short";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits }).format(
    value,
  );
}
