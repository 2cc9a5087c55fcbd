/**
 * pid 1 before it is init: a task without a program, the console as its standard streams, about to
 * execve. Source: init/main.c (kernel_init), 2.6.32.
 */
import { O_RDWR } from "../abi/fcntl.ts";
import { execve } from "../exec/execve.ts";
import type { ProgramImage, UserCode } from "../exec/program.ts";
import { FdTable } from "../fs/fd-table.ts";
import { FsContext } from "../fs/fs-context.ts";
import { OpenFile } from "../fs/open-file.ts";
import { Registers } from "../hw/registers.ts";
import { assert } from "../lib/assert.ts";
import type { Kpath } from "../lib/wait.ts";
import { AddressSpace } from "../mm/address-space.ts";
import { ProgramMemory } from "../mm/user-memory.ts";
import { SigPending } from "../signal/signal-types.ts";
import { callerOf } from "../syscall/file-access.ts";
import { ROOT_CRED } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import { Task, ThreadGroup } from "../task/task.ts";
import { ProgramContext, TEXT_BASE } from "../task/user-context.ts";

const ENVIRONMENT = [
  "HOME=/root",
  "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  "TERM=linux",
];

const SIGNALS = 65;

/** Stands where a program will be; user mode is never entered with it. */
const NO_PROGRAM: ProgramImage = {
  name: "swapper",
  entries: {
    *main(): UserCode {
      return 0;
    },
  },
};

/** Makes pid 1 and puts it into the run queue. */
export function startInit(k: Kernel, argv: readonly string[], envp: readonly string[]): void {
  const task = makeTask(k);
  k.tasks.set(task.tid, task);
  k.init = task.group;
  task.group.unkillable = true;
  k.log.emit("task-new", task.tid, task.tid, 0, task.comm);
  k.current = task;
  openConsole(k, task);
  k.tree.taskInit(task);
  k.current = undefined;
  task.path = runInit(k, task, argv, [...ENVIRONMENT, ...envp]);
  k.scheduler.enqueue(task);
}

function makeTask(k: Kernel): Task {
  const tid = k.allocateTid();
  const mm = new AddressSpace(k.memory);
  const regs = new Registers();
  const task = new Task({
    tid,
    comm: "swapper",
    cred: ROOT_CRED,
    regs,
    user: new ProgramContext(
      NO_PROGRAM,
      { regs, mem: new ProgramMemory(mm, k.memory) },
      TEXT_BASE,
      0,
    ),
    mm,
    files: new FdTable(),
    fs: new FsContext(k.vfs.root),
    sighand: Array.from({ length: SIGNALS }, () => ({ handler: 0, flags: 0, mask: 0n })),
    pending: new SigPending(),
    wakeTask: (sleeper) => k.wake(sleeper),
    forcesSigpending: (task) => k.tree.forcesSigpending(task),
  });
  task.group = new ThreadGroup(task, tid, new SigPending());
  task.group.threads.push(task);
  return task;
}

function openConsole(k: Kernel, task: Task): void {
  const console = k.vfs.find("/dev/console");
  assert(console?.body.kind === "char", "there is a console");
  const ops = console.body.open(O_RDWR, callerOf(k, task));
  assert(typeof ops !== "number", "the console opens");
  const file = new OpenFile(console, O_RDWR, ops);
  task.files.install(file);
  for (const fd of [1, 2]) task.files.installAt(file, fd, false);
}

function* runInit(
  k: Kernel,
  task: Task,
  argv: readonly string[],
  envp: readonly string[],
): Kpath<void> {
  const result = yield* execve(k, task, argv[0] ?? "", argv, envp);
  if (result < 0) k.panic(`Requested init ${argv[0]} failed (error ${result}).`);
}
