/* sigsuspend(2): waits with another mask, which is put back when it fails with EINTR. */
#include "harness.h"

static void handler(int signo)
{
	kernel_sigset mask;
	sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8);
	say("handled %d, mask %x", N(signo), N(mask));
}

int main(int argc, char **argv, char **envp)
{
	kernel_sigset mask = SIGBIT(SIGUSR2);
	must(set_action(SIGUSR1, handler, 0, 0));
	must(set_action(SIGUSR2, handler, 0, 0));
	block(SIGBIT(SIGUSR1));
	sys(kill, self(), SIGUSR1);
	say("%e", sys(rt_sigsuspend, &mask, 8));
	sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8);
	say("the mask afterwards: %x", N(mask));
	mask = 0;
	sys(kill, self(), SIGUSR1);
	must(set_action(SIGUSR1, (void *)1, 0, 0));
	say("an ignored one is not pending: %x", N(pending()));
	return 0;
}
