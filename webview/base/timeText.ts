// Times and days in the reader's language and time zone.
import { locale } from "./language.ts";

/** The zone can change while the page is open: its formats keep the one in which they were made. */
let formats = formatsOf(NaN);

function formatsOf(offset: number) {
  return {
    offset,
    time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }),
    day: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    moment: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
  };
}

function current(): typeof formats {
  const offset = new Date().getTimezoneOffset();
  if (offset !== formats.offset) formats = formatsOf(offset);
  return formats;
}

/** `at` in milliseconds since 1970. */
export function timeText(at: number): string {
  return current().time.format(at);
}

export function dayText(at: number): string {
  return current().day.format(at);
}

/** With the day and the time. */
export function momentText(at: number): string {
  return current().moment.format(at);
}
