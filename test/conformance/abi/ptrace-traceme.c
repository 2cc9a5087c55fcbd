/* ptrace(2): a traced child stops with SIGTRAP after execve, and before each signal; ours alone to ask. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	if (argc > 1) {
		say("the new program runs");
		sys(kill, self(), SIGUSR1);
		finish(2);
	}
	static char *args[] = { "self", "x", NULL };
	long pid = must(fork());
	if (pid == 0) {
		must(ptrace(PTRACE_TRACEME, 0, 0, 0));
		say("twice: %e", ptrace(PTRACE_TRACEME, 0, 0, 0));
		sys(execve, argv[0], args, envp);
	}
	reap("after exec", pid);
	say("a signal that is none: %e", ptrace(PTRACE_CONT, pid, 0, (void *)99));
	say("no such request: %e", ptrace(0x9999, pid, 0, 0));
	resume(PTRACE_CONT, pid, 0);
	reap("its signal", pid);
	say("attach twice: %e", ptrace(PTRACE_ATTACH, pid, 0, 0));
	resume(PTRACE_CONT, pid, 0);
	reap("its end, the signal suppressed", pid);
	say("a process that is not: %e", ptrace(PTRACE_CONT, pid, 0, 0));
	say("one that is not traced: %e", ptrace(PTRACE_CONT, sys(getppid), 0, 0));
	say("ourselves: %e", ptrace(PTRACE_ATTACH, self(), 0, 0));
	return 0;
}
