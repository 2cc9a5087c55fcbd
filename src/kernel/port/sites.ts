/**
 * Hook sites: the places of the core at which the tree may hang a function, by number. The generated
 * header carries these as HOOK_ constants.
 */
export const HOOK_SITES = [
  "SYSCALL_ENTRY",
  "SYSCALL_EXIT",
  "TASK_INIT",
  "TASK_FREE",
  "CLONE",
  "CLONE_COMPLETE",
  "EXEC",
  "EXIT",
  "DEATH",
  "REAP",
  "GET_SIGNAL",
  "CONSIDER_SIGNAL",
  "SIGNAL_HANDLER",
  "FORCE_SIGPENDING",
  "NOTIFY_JCTL",
  "RESUME",
  "SCHED_SWITCH",
  "FILE_OPEN",
  "TIMER",
  "PTRACE_ATTACH",
  "PTRACE_CHECK",
  "PTRACE_REQUEST",
  "PTRACE_OPTIONS",
  "PTRACE_SIGINFO",
  "PTRACE_EVENT",
  "PTRACE_CONTINUED",
  "BPF_ATTACH",
  "BPF_DETACH",
] as const;

export type HookSite = (typeof HOOK_SITES)[number];

/** Site name to its number. */
export const HOOK: { readonly [S in HookSite]: number } = Object.fromEntries(
  HOOK_SITES.map((site, index) => [site, index]),
) as { readonly [S in HookSite]: number };
