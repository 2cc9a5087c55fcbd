/* ptrace(2): a group-stop is an event for who seized, with no siginfo for who attached; LISTEN waits on. */
#include "harness.h"

static long child(void)
{
	long pid = must(fork());
	if (pid == 0)
		for (;;)
			sleep_ns(SECOND);
	return pid;
}

int main(int argc, char **argv, char **envp)
{
	siginfo_t info;
	long pid = child();
	must(ptrace(PTRACE_SEIZE, pid, 0, 0));
	sys(kill, pid, SIGSTOP);
	reap("seized: the signal", pid);
	resume(PTRACE_CONT, pid, SIGSTOP);
	reap("seized: the group-stop", pid);
	must(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	say("siginfo code %x", N(info.si_code));
	must(ptrace(PTRACE_LISTEN, pid, 0, 0));
	say("listening is not stopped: %e", ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	sys(kill, pid, SIGCONT);
	reap("after SIGCONT", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("then the signal itself", pid);
	resume(PTRACE_CONT, pid, 0);
	sys(kill, pid, SIGSTOP);
	reap("again: the signal", pid);
	resume(PTRACE_CONT, pid, SIGSTOP);
	reap("again: the group-stop", pid);
	sys(kill, pid, SIGCONT);
	say("a SIGCONT before LISTEN does not end the stop: %d", wait_for(pid, 0, WNOHANG));
	must(ptrace(PTRACE_LISTEN, pid, 0, 0));
	reap("LISTEN tells of it at once", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("then the signal itself", pid);
	resume(PTRACE_CONT, pid, 0);
	sys(kill, pid, SIGKILL);
	reap("end", pid);
	pid = child();
	must(ptrace(PTRACE_ATTACH, pid, 0, 0));
	reap("attached", pid);
	resume(PTRACE_CONT, pid, SIGSTOP);
	reap("attached: the group-stop", pid);
	say("no siginfo: %e", ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	resume(PTRACE_CONT, pid, 0);
	say("CONT lets it run although its group is stopped: %d", wait_for(pid, 0, WNOHANG));
	sys(kill, pid, SIGKILL);
	reap("end", pid);
	return 0;
}
