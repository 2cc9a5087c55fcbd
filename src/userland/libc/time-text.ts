/**
 * Calendar time as text, always UTC: the machine has no time zone, and no host clock.
 *
 * Source: the civil-from-days algorithm of the proleptic Gregorian calendar.
 */
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Thu Fri Sat Sun Mon Tue Wed".split(" ");

interface CalendarTime {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly day: number;
  readonly weekday: string;
  readonly clock: string;
}

/** Seconds since 1970 as a date. */
function calendarTime(seconds: number): CalendarTime {
  const days = Math.floor(seconds / 86400);
  const rest = seconds - days * 86400;
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (shiftedMonth + 2) % 12;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return {
    year: yearOfEra + era * 400 + (month < 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    weekday: WEEKDAYS[((days % 7) + 7) % 7] ?? "",
    clock: `${two(rest / 3600)}:${two((rest / 60) % 60)}:${two(rest % 60)}`,
  };
}

/** `Jan  1 00:00`, as ls -l prints it. */
export function dateText(seconds: number): string {
  const time = calendarTime(seconds);
  return `${MONTHS[time.month]} ${String(time.day).padStart(2)} ${time.clock.slice(0, 5)}`;
}

/** `Thu Jan  1 00:00:00 UTC 1970`, as date prints it. */
export function fullDateText(seconds: number): string {
  const time = calendarTime(seconds);
  const day = String(time.day).padStart(2);
  return `${time.weekday} ${MONTHS[time.month]} ${day} ${time.clock} UTC ${time.year}`;
}

/** `1970-01-01T00:00:00`, as ISO 8601 has it. */
export function isoDateText(seconds: number): string {
  const time = calendarTime(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${time.year}-${two(time.month + 1)}-${two(time.day)}T${time.clock}`;
}
