/* ptrace(2), PTRACE_DETACH: needs a stop, delivers a signal on the way, ends all tracing. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid;
	traced_child(pid, {
		set_action(SIGUSR1, do_nothing, 0, 0);
		sys(kill, self(), SIGUSR1);
		sys(kill, self(), SIGTERM);
	});
	resume(PTRACE_CONT, pid, 0);
	reap("its signal", pid);
	say("a signal that is none: %e", ptrace(PTRACE_DETACH, pid, 0, (void *)99));
	must(ptrace(PTRACE_DETACH, pid, 0, 0));
	say("no more: %e", ptrace(PTRACE_CONT, pid, 0, 0));
	reap("end", pid);
	pid = must(fork());
	if (pid == 0)
		for (;;)
			sleep_ns(SECOND);
	must(ptrace(PTRACE_ATTACH, pid, 0, 0));
	reap("attached", pid);
	must(ptrace(PTRACE_DETACH, pid, 0, (void *)SIGTERM));
	reap("with SIGTERM", pid);
	return 0;
}
