/* sigprocmask(2), sigpending(2): a blocked signal waits, once for a standard one, and is delivered later. */
#include "harness.h"

static int count;
static void handler(int signo)
{
	count++;
}

int main(int argc, char **argv, char **envp)
{
	kernel_sigset before = 1, all = ~0UL;
	must(set_action(SIGUSR1, handler, 0, 0));
	block(SIGBIT(SIGUSR1));
	for (int i = 0; i < 3; i++)
		sys(kill, self(), SIGUSR1);
	say("pending %x, handled %d", N(pending()), N(count));
	unblock(SIGBIT(SIGUSR1));
	say("pending %x, handled %d", N(pending()), N(count));
	must(sys(rt_sigprocmask, SIG_SETMASK, &all, &before, 8));
	say("the mask was %x", N(before));
	must(sys(rt_sigprocmask, SIG_SETMASK, 0, &before, 8));
	say("KILL and STOP cannot be blocked: %x", N(~before));
	say("no such way: %e", sys(rt_sigprocmask, 7, &all, 0, 8));
	say("another size: %e", sys(rt_sigprocmask, SIG_BLOCK, &all, 0, 4));
	say("a bad address: %e", sys(rt_sigprocmask, SIG_BLOCK, (void *)8, 0, 8));
	return 0;
}
