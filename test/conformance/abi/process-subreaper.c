/* prctl(2), PR_SET_CHILD_SUBREAPER: orphans below become children of the nearest subreaper. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct handshake go, orphan;
	int is = 0;
	handshake_init(&go);
	handshake_init(&orphan);
	must(sys(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	must(sys(prctl, PR_GET_CHILD_SUBREAPER, &is, 0, 0, 0));
	say("a subreaper: %d", N(is));
	long me = self();
	long child = must(fork());
	if (child == 0) {
		int inherited = 1;
		sys(prctl, PR_GET_CHILD_SUBREAPER, &inherited, 0, 0, 0);
		say("the child is one: %d", N(inherited));
		if (must(fork()) == 0) {
			await_other(&go);
			say("the orphan's parent is the subreaper: %d", N(sys(getppid) == me));
			finish(6);
		}
		finish(0);
	}
	reap("child", child);
	signal_other(&go);
	reap("orphan", -1);
	return 0;
}
