/* signal(7): real-time signals queue, come lowest number first, and carry a value. */
#include "harness.h"

static void handler(int signo, siginfo_t *info, void *context)
{
	say("signal %d code %d value %d from ourselves %d", N(signo), N(info->si_code), N(info->si_int),
	    N(info->si_pid == self()));
}
static void queue(int signo, int value)
{
	siginfo_t info = { 0 };
	info.si_signo = signo;
	info.si_code = SI_QUEUE;
	info.si_pid = self();
	info.si_int = value;
	must(sys(rt_sigqueueinfo, self(), signo, &info));
}

int main(int argc, char **argv, char **envp)
{
	kernel_sigset set = SIGBIT(34) | SIGBIT(36) | SIGBIT(SIGUSR1);
	must(set_action(34, handler, SA_SIGINFO, set));
	must(set_action(36, handler, SA_SIGINFO, set));
	must(set_action(SIGUSR1, handler, SA_SIGINFO, set));
	block(set);
	queue(36, 1);
	queue(34, 2);
	queue(36, 3);
	queue(34, 4);
	queue(SIGUSR1, 5);
	queue(SIGUSR1, 6);
	unblock(set);
	siginfo_t info = { 0 };
	info.si_code = SI_USER;
	say("a code of the kernel's, to another process: %e", sys(rt_sigqueueinfo, sys(getppid), 34, &info));
	return 0;
}
