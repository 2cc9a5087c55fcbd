/* nanosleep(2): a handler ends it with EINTR and says what was left; a stop and SIGCONT do not end it. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct __kernel_timespec time = { 5, 0 }, left = { 0, 0 };
	long me = self();
	must(set_action(SIGUSR1, do_nothing, SA_RESTART, 0));
	long pid = must(fork());
	if (pid == 0) {
		await_state(me, 'S');
		/* Longer than the slack that the timer may have. */
		sleep_ns(20 * MILLISECOND);
		sys(kill, me, SIGUSR1);
		finish(0);
	}
	say("interrupted: %e", sys(nanosleep, &time, &left));
	say("between 4 and 5 seconds are left: %d", N(left.tv_sec == 4));
	wait_for(pid, 0, 0);
	pid = must(fork());
	if (pid == 0) {
		struct __kernel_timespec short_time = { 0, 200 * MILLISECOND };
		say("stopped and continued: %e", sys(nanosleep, &short_time, &left));
		finish(0);
	}
	await_state(pid, 'S');
	sys(kill, pid, SIGSTOP);
	await_state(pid, 'T');
	sys(kill, pid, SIGCONT);
	reap("sleeper", pid);
	time.tv_nsec = SECOND;
	say("a billion nanoseconds: %e", sys(nanosleep, &time, 0));
	return 0;
}
