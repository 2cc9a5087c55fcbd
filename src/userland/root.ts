/**
 * The root file system of a machine: the programs and the few files that they expect.
 *
 * Left out: /dev and /proc, which the kernel makes; whatever a scenario adds.
 */
import type { ProgramImage, RootTree } from "#kernel";
import { CAT } from "./bin/cat.ts";
import { ECHO } from "./bin/echo.ts";
import { CHMOD, CP, LN, MKDIR, MV, RM, RMDIR, TOUCH } from "./bin/file-tools.ts";
import { GREP } from "./bin/grep.ts";
import { KILL } from "./bin/kill.ts";
import { LS } from "./bin/ls.ts";
import { MODINFO } from "./bin/modinfo.ts";
import { DEPMOD, MODPROBE } from "./bin/modprobe.ts";
import { INSMOD, LSMOD, RMMOD } from "./bin/module-tools.ts";
import { PRINTF } from "./bin/printf.ts";
import { PS } from "./bin/ps.ts";
import { SH } from "./bin/sh/sh.ts";
import { DATE, ENV, FALSE, ID, PWD, SLEEP, TIME, TRUE, UNAME, YES } from "./bin/small-tools.ts";
import { DMESG, INIT, POWEROFF, REBOOT } from "./bin/system-tools.ts";
import { TEST } from "./bin/test.ts";
import { HEAD, TAIL, WC } from "./bin/text-filters.ts";

const BIN: readonly ProgramImage[] = [
  CAT,
  CHMOD,
  CP,
  DATE,
  DMESG,
  ECHO,
  ENV,
  FALSE,
  GREP,
  HEAD,
  ID,
  KILL,
  LN,
  LS,
  MKDIR,
  MV,
  PRINTF,
  PS,
  PWD,
  RM,
  RMDIR,
  SH,
  SLEEP,
  TIME,
  TAIL,
  TEST,
  TOUCH,
  TRUE,
  UNAME,
  WC,
  YES,
];

const SBIN: readonly ProgramImage[] = [
  DEPMOD,
  INIT,
  INSMOD,
  LSMOD,
  MODINFO,
  MODPROBE,
  POWEROFF,
  REBOOT,
  RMMOD,
];

/** Every shipped program and file, by absolute path. */
export function userlandRoot(): RootTree {
  const root: Record<string, RootTree[string]> = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n",
    "/etc/group": "root:x:0:\nuser:x:1000:\n",
    "/etc/hostname": "quicksand\n",
    "/root": { dir: true },
    "/home/user": { dir: true },
    "/tmp": { dir: true },
    "/bin/[": TEST,
  };
  for (const image of BIN) root[`/bin/${image.name}`] = image;
  for (const image of SBIN) root[`/sbin/${image.name}`] = image;
  return root;
}
