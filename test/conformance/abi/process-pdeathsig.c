/* prctl(2), PR_SET_PDEATHSIG: the signal comes when the parent dies; fork does not pass it on. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct handshake ready;
	handshake_init(&ready);
	must(sys(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	long parent = must(fork());
	if (parent == 0) {
		if (must(fork()) == 0) {
			int sig = 0;
			must(sys(prctl, PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0));
			sys(prctl, PR_GET_PDEATHSIG, &sig, 0, 0, 0);
			say("set: %d", N(sig));
			signal_other(&ready);
			for (;;)
				sleep_ns(SECOND);
		}
		await_other(&ready);
		finish(0);
	}
	reap("parent", parent);
	reap("its child", -1);
	say("a signal that is none: %e", sys(prctl, PR_SET_PDEATHSIG, 65, 0, 0, 0));
	return 0;
}
