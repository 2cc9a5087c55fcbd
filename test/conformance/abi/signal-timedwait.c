/* sigtimedwait(2): takes a pending signal with its siginfo; EAGAIN when the time is over. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	kernel_sigset set = SIGBIT(SIGUSR1) | SIGBIT(40);
	struct __kernel_timespec brief = { 0, 10 * MILLISECOND };
	siginfo_t info = { 0 };
	block(set);
	say("nothing: %e", sys(rt_sigtimedwait, &set, &info, &brief, 8));
	sys(kill, self(), 40);
	sys(kill, self(), SIGUSR1);
	long taken = sys(rt_sigtimedwait, &set, &info, 0, 8);
	say("taken %d, code %d", taken, N(info.si_code));
	say("then %d", sys(rt_sigtimedwait, &set, &info, 0, 8));
	long me = self();
	must(set_action(SIGUSR2, do_nothing, 0, 0));
	long pid = must(fork());
	if (pid == 0) {
		await_state(me, 'S');
		sys(kill, me, SIGUSR2);
		finish(0);
	}
	say("another signal's handler: %e", sys(rt_sigtimedwait, &set, &info, 0, 8));
	brief.tv_nsec = -1;
	say("a bad time: %e", sys(rt_sigtimedwait, &set, &info, &brief, 8));
	return 0;
}
