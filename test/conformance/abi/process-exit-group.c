/* exit_group(2): ends every thread; exit(2) ends one, and the status is the last leader's own. */
#include "harness.h"

static long sleeper(void *unused)
{
	for (;;)
		sleep_ns(SECOND);
}
static long leaver(void *unused)
{
	finish(7);
}
static long late(void *fd)
{
	await_other(fd);
	return 3;
}

int main(int argc, char **argv, char **envp)
{
	static struct handshake go;
	long pid = must(fork());
	if (pid == 0) {
		thread(0, sleeper, 0);
		thread(1, leaver, 0);
		sleeper(0);
	}
	reap("exit_group by a thread", pid);
	handshake_init(&go);
	pid = must(fork());
	if (pid == 0) {
		thread(0, late, &go);
		sys(exit, 2);
	}
	await_state(pid, 'Z');
	say("the leader is gone, a thread lives: %d", wait_for(pid, 0, WNOHANG));
	signal_other(&go);
	reap("exit by both", pid);
	return 0;
}
