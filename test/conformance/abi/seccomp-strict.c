/* seccomp(2), SECCOMP_SET_MODE_STRICT: read, write, exit and sigreturn; anything else is SIGKILL. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid = must(fork());
	if (pid == 0) {
		must(sys(prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0));
		say("write is allowed");
		sys(getpid);
		say("getpid was allowed");
	}
	reap("getpid", pid);
	pid = must(fork());
	if (pid == 0) {
		must(sys(seccomp, SECCOMP_SET_MODE_STRICT, 0, 0));
		sys(exit, 4);
	}
	reap("exit", pid);
	return 0;
}
