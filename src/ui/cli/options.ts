/**
 * Values of options.
 */
import { InvalidArgumentError } from "commander";
import { parseSchedule, type Schedule } from "#kernel";

/** A seed: a whole number that fits 32 bits. */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return value;
}

/** How many at a time. */
export function parseJobs(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError("A number of jobs is a whole number from 1 to 256.");
  return value;
}

/** How many schedules. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new InvalidArgumentError("A number of schedules is a whole number from 1 to 1000000.");
  return value;
}

/** A schedule, as `quicksand explore` prints it. */
export function parseScheduleOption(text: string): Schedule {
  const schedule = parseSchedule(text);
  if ("word" in schedule)
    throw new InvalidArgumentError(
      `"${schedule.word}" is no part of a schedule: 5@812 is point 812 of task 5, 5~9000 its 9000th nanosecond, 31:+1 a turn for the second in the queue.`,
    );
  return schedule;
}

/** Collects the values of an option that may be given more than once. */
export const repeated = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];

/** The kernel's configuration, wherever a release can be named. */
export const CONFIG_OPTION = [
  "--config <name>",
  "the release in this configuration: `list --releases` has their names",
] as const;

/** Words for the kernel, as a boot loader would have them. */
function parseCommandLine(text: string): string {
  if (/["\n]/.test(text))
    throw new InvalidArgumentError("A command line has no double quotes and no line breaks here.");
  return text.trim();
}

export const CMDLINE_OPTION: readonly [string, string, (text: string) => string] = [
  "--cmdline <words>",
  "what the boot loader adds to the kernel's command line",
  parseCommandLine,
];

/** What `--release` and `--tree` mean together. */
export const TREE_OPTION = [
  "--tree <dir>",
  "a tree of your own: a folder that `quicksand tree checkout` made",
] as const;

/** Results are content-addressed: who says this does not believe it, or measures. */
export const NO_CACHE_OPTION = [
  "--no-cache",
  "build and run everything anew, and keep nothing",
] as const;
