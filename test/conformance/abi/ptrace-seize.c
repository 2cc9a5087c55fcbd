/* ptrace(2), PTRACE_SEIZE: does not stop; INTERRUPT does, with an event; SETOPTIONS come at once. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid = must(fork());
	if (pid == 0)
		for (;;)
			sleep_ns(SECOND);
	say("with an address: %e", ptrace(PTRACE_SEIZE, pid, 1, 0));
	say("unknown options: %e", ptrace(PTRACE_SEIZE, pid, 0, (void *)(1L << 30)));
	must(ptrace(PTRACE_SEIZE, pid, 0, (void *)PTRACE_O_TRACEEXIT));
	say("not stopped: %e", ptrace(PTRACE_CONT, pid, 0, 0));
	must(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	reap("interrupted", pid);
	siginfo_t info;
	must(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	say("siginfo: signal %d code %x", N(info.si_signo), N(info.si_code));
	say("LISTEN at any such stop: %e", ptrace(PTRACE_LISTEN, pid, 0, 0));
	must(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	reap("interrupted again", pid);
	resume(PTRACE_CONT, pid, 0);
	sys(kill, pid, SIGTERM);
	reap("a signal", pid);
	resume(PTRACE_CONT, pid, SIGTERM);
	reap("its exit", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("the end", pid);
	pid = must(fork());
	if (pid == 0)
		for (;;)
			sleep_ns(SECOND);
	must(ptrace(PTRACE_ATTACH, pid, 0, 0));
	reap("ATTACH", pid);
	say("INTERRUPT without SEIZE: %e", ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	must(ptrace(PTRACE_DETACH, pid, 0, (void *)SIGKILL));
	reap("detached with SIGKILL", pid);
	return 0;
}
