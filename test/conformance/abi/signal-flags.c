/* sigaction(2): the signal is blocked in its handler, not with SA_NODEFER; SA_RESETHAND works once. */
#include "harness.h"

static volatile int depth, deepest;
static void nested(int signo)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (deepest < 3)
		sys(kill, self(), signo);
	depth--;
}
static void masked(int signo)
{
	kernel_sigset mask;
	sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8);
	say("in the handler: mask %x", N(mask));
}

int main(int argc, char **argv, char **envp)
{
	struct kernel_action old;
	must(set_action(SIGUSR1, nested, SA_NODEFER, 0));
	sys(kill, self(), SIGUSR1);
	say("SA_NODEFER nests: %d", N(deepest));
	must(set_action(SIGUSR2, masked, 0, SIGBIT(SIGTERM)));
	sys(kill, self(), SIGUSR2);
	must(set_action(SIGUSR2, masked, SA_RESETHAND, 0));
	sys(kill, self(), SIGUSR2);
	must(sys(rt_sigaction, SIGUSR2, 0, &old, 8));
	say("SA_RESETHAND leaves the default: %d", N(old.handler == 0));
	say("SIGKILL: %e, SIGSTOP: %e, 0: %e, 65: %e", set_action(SIGKILL, nested, 0, 0),
	    set_action(SIGSTOP, nested, 0, 0), set_action(0, nested, 0, 0), set_action(65, nested, 0, 0));
	return 0;
}
