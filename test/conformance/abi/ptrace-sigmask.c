/* ptrace(2), PTRACE_GETSIGMASK and SETSIGMASK: the blocked signals, never SIGKILL and SIGSTOP. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid;
	traced_child(pid, {
		kernel_sigset mask;
		sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8);
		say("the tracee's mask: %x", N(~mask));
	});
	kernel_sigset mask = 5;
	must(ptrace(PTRACE_GETSIGMASK, pid, 8, &mask));
	say("at first %x", N(mask));
	say("another size: %e", ptrace(PTRACE_GETSIGMASK, pid, 4, &mask));
	mask = ~0UL;
	must(ptrace(PTRACE_SETSIGMASK, pid, 8, &mask));
	resume(PTRACE_CONT, pid, SIGTERM);
	reap("end, its signal blocked", pid);
	return 0;
}
