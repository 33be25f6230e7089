// Times and days in the reader's own language. Called where entries are shown.

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** `at` in milliseconds since 1970. */
export function timeText(at: number): string {
  return time.format(at);
}

export function dayText(at: number): string {
  return day.format(at);
}
