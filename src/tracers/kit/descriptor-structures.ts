/**
 * Structures of the calls on descriptors as strace prints them: locks, timers, epoll's events.
 *
 * Source: strace 6.1: print_struct_flock64() of fcntl.c, print_itimerspec.c, epoll.c.
 */
import {
  constantsOf,
  decodeStruct,
  EPOLL_EVENT_LAYOUT,
  FLOCK_LAYOUT,
  ITIMERSPEC_LAYOUT,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  viewOf,
} from "#abi";
import { enumText, flagsText, hexText } from "./symbols.ts";

const LOCK_TYPES: ReadonlyMap<number, string> = new Map(
  ["F_RDLCK", "F_WRLCK", "F_UNLCK"].flatMap((wanted) =>
    constantsOf("fcntl", wanted).map(([name, value]) => [value, name] as const),
  ),
);
const WHENCES: readonly number[] = [SEEK_SET, SEEK_CUR, SEEK_END];

/** struct flock; whose the lock is only F_GETLK tells. */
export function flockText(bytes: Uint8Array, withOwner: boolean): string {
  const view = viewOf(bytes);
  const { l_start, l_len, l_pid } = decodeStruct(FLOCK_LAYOUT, view);
  const type = view.getInt16(0, true);
  const whence = view.getInt16(2, true);
  const parts = [
    `l_type=${LOCK_TYPES.get(type) ?? `${hexText(type)} /* F_??? */`}`,
    `l_whence=${WHENCES.includes(whence) ? enumText("whence", whence) : `${hexText(whence)} /* SEEK_??? */`}`,
    `l_start=${l_start}`,
    `l_len=${l_len}`,
    ...(withOwner ? [`l_pid=${l_pid}`] : []),
  ];
  return `{${parts.join(", ")}}`;
}

export function itimerspecText(bytes: Uint8Array): string {
  const timer = decodeStruct(ITIMERSPEC_LAYOUT, viewOf(bytes));
  const interval = `{tv_sec=${timer.it_interval_sec}, tv_nsec=${timer.it_interval_nsec}}`;
  const value = `{tv_sec=${timer.it_value_sec}, tv_nsec=${timer.it_value_nsec}}`;
  return `{it_interval=${interval}, it_value=${value}}`;
}

function epollEventText(view: DataView): string {
  const { events, data_low, data_high } = decodeStruct(EPOLL_EVENT_LAYOUT, view);
  const whole = (BigInt(data_high) << 32n) | BigInt(data_low);
  return `{events=${flagsText("epoll", events)}, data={u32=${data_low}, u64=${whole}}}`;
}

/** One event as epoll_ctl takes it. */
export const eventText = (bytes: Uint8Array): string => epollEventText(viewOf(bytes));

/** Those that epoll_pwait found. */
export function eventsText(bytes: Uint8Array): string {
  const { size } = EPOLL_EVENT_LAYOUT;
  const count = Math.floor(bytes.length / size);
  const texts = Array.from({ length: count }, (_, at) =>
    epollEventText(viewOf(bytes.subarray(at * size))),
  );
  return `[${texts.join(", ")}]`;
}
