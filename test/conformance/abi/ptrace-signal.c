/* ptrace(2): a tracer suppresses, replaces or changes a signal; SIGKILL it cannot. */
#include "harness.h"

static void handler(int signo, siginfo_t *info, void *context)
{
	say("handled %d, value %d, from the tracer: %d", N(signo), N(info->si_int), N(info->si_pid == sys(getppid)));
}

int main(int argc, char **argv, char **envp)
{
	long pid;
	traced_child(pid, {
		set_action(SIGUSR1, handler, SA_SIGINFO, 0);
		set_action(SIGUSR2, handler, SA_SIGINFO, 0);
		for (int i = 0; i < 3; i++)
			sys(kill, self(), SIGUSR1);
		sys(kill, self(), SIGKILL);
	});
	siginfo_t info;
	resume(PTRACE_CONT, pid, 0);
	reap("first", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("second, the first suppressed", pid);
	resume(PTRACE_CONT, pid, SIGUSR2);
	reap("third, the second replaced", pid);
	must(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	info.si_code = SI_QUEUE;
	info.si_int = 42;
	must(ptrace(PTRACE_SETSIGINFO, pid, 0, &info));
	resume(PTRACE_CONT, pid, SIGUSR1);
	reap("end", pid);
	return 0;
}
