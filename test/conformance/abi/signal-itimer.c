/* setitimer(2): ITIMER_REAL sends SIGALRM, again and again with an interval; the old value is told. */
#include "harness.h"

static volatile int count;
static void handler(int signo)
{
	count++;
}

int main(int argc, char **argv, char **envp)
{
	kernel_sigset none = 0;
	struct __kernel_old_itimerval timer = { { 0, 5000 }, { 0, 5000 } }, old = { { 1, 1 }, { 1, 1 } };
	must(set_action(SIGALRM, handler, 0, 0));
	block(SIGBIT(SIGALRM));
	must(sys(setitimer, 0, &timer, &old));
	say("before: %d %d", N(old.it_value.tv_sec), N(old.it_value.tv_usec));
	while (count < 3)
		sys(rt_sigsuspend, &none, 8);
	timer.it_value.tv_sec = 100;
	must(sys(setitimer, 0, &timer, &old));
	say("the interval was %d", N(old.it_interval.tv_usec));
	must(sys(getitimer, 0, &old));
	say("almost a hundred seconds: %d", N(old.it_value.tv_sec == 99 || old.it_value.tv_sec == 100));
	timer.it_value.tv_sec = timer.it_value.tv_usec = 0;
	must(sys(setitimer, 0, &timer, &old));
	must(sys(getitimer, 0, &old));
	say("off: %d %d", N(old.it_value.tv_sec), N(old.it_value.tv_usec));
	say("no such timer: %e", sys(setitimer, 3, &timer, &old));
	timer.it_value.tv_usec = 1000000;
	say("a million microseconds: %e", sys(setitimer, 0, &timer, 0));
	return 0;
}
