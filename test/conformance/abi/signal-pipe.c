/* pipe(7): a write with no reader fails with EPIPE and sends SIGPIPE. */
#include "harness.h"

static void handler(int signo)
{
	say("signal %d", N(signo));
}

int main(int argc, char **argv, char **envp)
{
	int fds[2];
	must(sys(pipe2, fds, 0));
	must(set_action(SIGPIPE, handler, 0, 0));
	sys(close, fds[0]);
	say("handled: %e", sys(write, fds[1], "x", 1));
	must(set_action(SIGPIPE, (void *)1, 0, 0));
	say("ignored: %e", sys(write, fds[1], "x", 1));
	must(set_action(SIGPIPE, (void *)0, 0, 0));
	long pid = must(fork());
	if (pid == 0) {
		sys(write, fds[1], "x", 1);
		finish(0);
	}
	reap("default", pid);
	return 0;
}
