/** The rows of all file calls. */
import type { Row } from "./rows.ts";
import { ROWS_DIR } from "./sys-dir.ts";
import { ROWS_FD } from "./sys-fd.ts";
import { ROWS_IO } from "./sys-file.ts";
import { ROWS_FILE_RANGE } from "./sys-file-range.ts";
import { ROWS_LOCK } from "./sys-lock.ts";
import { ROWS_POLL } from "./sys-poll.ts";

export const ROWS_FILE: readonly Row[] = [
  ...ROWS_FD,
  ...ROWS_IO,
  ...ROWS_DIR,
  ...ROWS_POLL,
  ...ROWS_LOCK,
  ...ROWS_FILE_RANGE,
];
