/* waitid(2): WNOWAIT leaves the child waitable; si_code and si_status say what became of it. */
#include "harness.h"

static void show(const char *what, long answer, siginfo_t *info, long pid)
{
	say("%s: %e, signal %d, code %d, status %d, pid is the child's: %d", what, answer, N(info->si_signo),
	    N(info->si_code), N(info->si_status), N(info->si_pid == pid));
}

int main(int argc, char **argv, char **envp)
{
	siginfo_t info = { 0 };
	long pid = must(fork());
	if (pid == 0)
		finish(9);
	show("WNOWAIT", sys(waitid, 1, pid, &info, WEXITED | WNOWAIT, 0), &info, pid);
	show("again", sys(waitid, 1, pid, &info, WEXITED, 0), &info, pid);
	say("and then: %e", sys(waitid, 1, pid, &info, WEXITED, 0));
	pid = must(fork());
	if (pid == 0)
		for (;;)
			sys(kill, self(), SIGSTOP);
	show("WSTOPPED", sys(waitid, 1, pid, &info, WSTOPPED, 0), &info, pid);
	sys(kill, pid, SIGKILL);
	show("killed", sys(waitid, 0, 0, &info, WEXITED, 0), &info, pid);
	say("no state asked for: %e", sys(waitid, 0, 0, &info, 0, 0));
	return 0;
}
