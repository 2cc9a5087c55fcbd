/**
 * What things cost, in virtual nanoseconds. The figures are sizes, taken from measurements of real
 * machines, so that "how much does this tracer slow the program down" has a reproducible answer.
 *
 * Sources, per constant: [M] measured on a 2-core AMD EPYC machine, Linux 6.18; [C] the
 * ebpf_exporter benchmark's published table; [E] our estimate from the two.
 *
 * Left out: copying between user memory and the kernel, caches, and what the core does within a call.
 */

/** A system call that does nothing, entry to exit. [M] getppid, untraced: 213-258 ns. */
export const COST_SYSCALL_NS = 230;
/** Giving the processor to another task. [M] half of a ptrace round trip of two switches. */
export const COST_SWITCH_NS = 2_000;
/** One ptrace-stop, entered and left, without the switches. [M] 21.9 us a call of two stops. */
export const COST_PTRACE_STOP_NS = 6_000;
/** A call from the kernel into a hooked function. [C] tracepoint +15, fentry +24 ns. */
export const COST_CALLBACK_NS = 20;
/** One instruction of bytecode. [E] translated to machine code it is one instruction, or a few. */
export const COST_BPF_INSN_NS = 1;
/** A helper that bytecode calls. [C] counting in a map adds 20 ns to a tracepoint's 15: a lookup and 4 instructions. */
export const COST_BPF_HELPER_NS = 16;
/** Making a task. [E] a small process forks in about 50 us. */
export const COST_CLONE_NS = 50_000;
/** Replacing a program image. [E] */
export const COST_EXEC_NS = 150_000;
/**
 * One loop head or function entry of code of a module or of the tree. [E] a few instructions; a call into the
 * core counts as sixteen (KERNEL_CALL_FUEL).
 */
export const COST_MODULE_STEP_NS = 1;
/** What a task may use of the processor before another gets it. [E] CFS with a few tasks: 3-4 ms. */
export const SLICE_MIN_NS = 1_000_000;
export const SLICE_MAX_NS = 4_000_000;
