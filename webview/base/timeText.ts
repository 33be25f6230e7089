// Times and days in the reader's language.
import { locale } from "./language.ts";

const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** `at` in milliseconds since 1970. */
export function timeText(at: number): string {
  return time.format(at);
}

export function dayText(at: number): string {
  return day.format(at);
}

/** With the day and the time. */
export function momentText(at: number): string {
  return moment.format(at);
}
