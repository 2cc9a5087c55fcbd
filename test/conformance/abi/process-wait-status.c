/* wait(2): the status tells an exit, by its low eight bits, from a death by signal. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid = must(fork());
	if (pid == 0)
		finish(0x1ff);
	reap("a child that exits 0x1ff", pid);
	pid = must(fork());
	if (pid == 0) {
		sys(kill, self(), SIGTERM);
		finish(1);
	}
	reap("a child that gets SIGTERM", pid);
	say("no child is left: %e", wait_for(-1, 0, 0));
	return 0;
}
