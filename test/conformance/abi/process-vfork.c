/* vfork(2): the child runs in its parent's memory, and the parent waits until it exits or executes. */
#include "harness.h"

static volatile int value = 1;

int main(int argc, char **argv, char **envp)
{
	if (argc > 1)
		finish(5);
	long pid = must(fork_with(CLONE_VM | CLONE_VFORK | SIGCHLD));
	if (pid == 0) {
		value = 2;
		sleep_ns(20 * MILLISECOND);
		value = 3;
		finish(0);
	}
	say("after the child's exit: %d", N(value));
	reap("child", pid);
	pid = must(fork_with(CLONE_VM | CLONE_VFORK | SIGCHLD));
	if (pid == 0) {
		static char *args[] = { "again", "exec", NULL };
		value = 4;
		sys(execve, argv[0], args, envp);
		finish(1);
	}
	say("after the child's exec: %d", N(value));
	reap("child", pid);
	return 0;
}
