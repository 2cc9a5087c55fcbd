/* kill(2), tgkill(2): existence is checked with signal 0; who is not there is ESRCH. */
#include "harness.h"

static long sleeper(void *go)
{
	await_other(go);
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	struct handshake go;
	handshake_init(&go);
	say("ourselves: %e", sys(kill, self(), 0));
	say("nobody: %e", sys(kill, 999999, 0));
	say("a bad signal: %e", sys(kill, self(), 65));
	say("a bad group: %e", sys(kill, -999999, 0));
	long tid = thread(0, sleeper, &go);
	say("a thread by tgkill: %e", sys(tgkill, self(), tid, 0));
	say("in another's process: %e", sys(tgkill, sys(getppid), tid, 0));
	say("tgkill of nobody: %e, of -1: %e", sys(tgkill, self(), 999999, 0), sys(tgkill, self(), -1, 0));
	signal_other(&go);
	join(0);
	long pid = must(fork());
	if (pid == 0)
		finish(0);
	await_state(pid, 'Z');
	say("a zombie: %e", sys(kill, pid, SIGTERM));
	wait_for(pid, 0, 0);
	say("reaped: %e", sys(kill, pid, 0));
	pid = must(fork());
	if (pid == 0) {
		must(sys(setresuid, 1000, 1000, 1000));
		say("another user's: %e", sys(kill, sys(getppid), 0));
		finish(0);
	}
	wait_for(pid, 0, 0);
	return 0;
}
