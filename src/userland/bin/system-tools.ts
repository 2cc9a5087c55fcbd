/**
 * dmesg, reboot, poweroff, init: the machine itself.
 *
 * Source: util-linux's dmesg, sysvinit's init and reboot.
 * Left out: runlevels; `dmesg -w`.
 */
import {
  EINTR,
  F_OK,
  LINUX_REBOOT_CMD_POWER_OFF,
  LINUX_REBOOT_CMD_RESTART,
  LINUX_REBOOT_CMD_RESTART2,
  O_RDWR,
  SIGCHLD,
  SYSLOG_ACTION_CLEAR,
  SYSLOG_ACTION_READ_ALL,
  SYSLOG_ACTION_READ_CLEAR,
  SYSLOG_ACTION_SIZE_BUFFER,
  TIOCSCTTY,
} from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";
import { execCommand } from "./sh/external.ts";

export const DMESG: ProgramImage = defineProgram("dmesg", function* (p) {
  const options = yield* parseOptions(p, p.argv, "cCtr");
  if (options === null) return 1;
  if (options.flags.has("C")) {
    const cleared = yield* p.sys.syslog(SYSLOG_ACTION_CLEAR);
    if (cleared >= 0) return 0;
    yield* p.error(`dmesg: clear kernel buffer failed: ${p.strerror(cleared)}\n`);
    return 1;
  }
  const size = yield* p.sys.syslog(SYSLOG_ACTION_SIZE_BUFFER);
  const action = options.flags.has("c") ? SYSLOG_ACTION_READ_CLEAR : SYSLOG_ACTION_READ_ALL;
  const text = size < 0 ? size : yield* p.sys.syslogRead(action, size);
  if (typeof text === "number") {
    yield* p.error(`dmesg: read kernel buffer failed: ${p.strerror(text)}\n`);
    return 1;
  }
  let out = text;
  if (!options.flags.has("r")) out = out.replace(/^<\d+>/gm, "");
  if (options.flags.has("t")) out = out.replace(/^\[ *\d+\.\d+\] /gm, "");
  yield* p.print(out);
  return 0;
});

/** The kernel in /boot that a name means, with or without the local version; null if there is none. */
function* findKernel(p: Proc, name: string): UserCall<string | null> {
  const running = yield* p.sys.uname();
  const local = typeof running === "number" ? "" : running.release.replace(/^.*-/, "-");
  for (const release of [name, name + local])
    if ((yield* p.sys.access(`/boot/vmlinuz-${release}`, F_OK)) === 0) return release;
  return null;
}

export const REBOOT: ProgramImage = defineProgram("reboot", function* (p) {
  const name = p.argv[1];
  const release = name === undefined ? undefined : yield* findKernel(p, name);
  if (release === null) {
    yield* p.error(`reboot: there is no /boot/vmlinuz-${name}: ls /boot shows what there is\n`);
    return 1;
  }
  const result = yield* release === undefined
    ? p.sys.reboot(LINUX_REBOOT_CMD_RESTART)
    : p.sys.reboot(LINUX_REBOOT_CMD_RESTART2, release);
  yield* p.error(`reboot: ${p.strerror(result)}\n`);
  return 1;
});

export const POWEROFF: ProgramImage = defineProgram("poweroff", function* (p) {
  const result = yield* p.sys.reboot(LINUX_REBOOT_CMD_POWER_OFF);
  yield* p.error(`poweroff: ${p.strerror(result)}\n`);
  return 1;
});

/** The one child of init: a session of its own on the console. */
function* session(p: Proc): UserCall {
  yield* p.sys.setsid();
  yield* p.sys.ioctl(0, TIOCSCTTY, 1);
  const argv = JSON.parse(p.sys.readString(p.arg)) as string[];
  const env = ["HOME=/root", "PATH=/bin:/sbin:/usr/bin", "TERM=vt100", "USER=root"];
  yield* p.sys.chdir("/root");
  return yield* execCommand(p, "init", argv, env);
}

/** Waits for everybody until `child` is dead. */
function* buryUntil(p: Proc, child: number): UserCall<void> {
  for (;;) {
    const found = yield* p.sys.wait4(-1);
    if (typeof found === "number" ? found !== -EINTR : found.pid === child) return;
  }
}

/**
 * init: runs its arguments (or a shell) on the console and buries every orphan. When a command was
 * given, the machine is switched off after it; a shell is started again. A command is named by its path:
 * with `rc`, /etc/rc.local comes before the shell, and other words, which the kernel may have handed on
 * from its command line, mean nothing to it.
 */
export const INIT: ProgramImage = defineProgram(
  "init",
  function* (p) {
    const [first = ""] = p.argv.slice(1);
    const command = first.startsWith("/") ? p.argv.slice(1) : [];
    if ((yield* p.sys.fcntl(0, 1)) < 0) {
      const fd = yield* p.sys.open("/dev/console", O_RDWR);
      if (fd === 0) {
        yield* p.sys.dup(0);
        yield* p.sys.dup(0);
      }
    }
    const hasScript = first === "rc";
    const shell = command.length === 0 ? ["sh"] : command;
    const boots = hasScript ? [["sh", "/etc/rc.local"], shell] : [shell];
    for (;;) {
      const argv = p.sys.pushString(JSON.stringify(boots.length > 1 ? boots.shift() : boots[0]));
      const child = yield* p.sys.clone({ flags: SIGCHLD, entry: p.entry("session"), arg: argv });
      if (child < 0) return 1;
      yield* buryUntil(p, child);
      if (command.length > 0) {
        yield* p.sys.reboot(LINUX_REBOOT_CMD_POWER_OFF);
        return 0;
      }
    }
  },
  { session },
);
