/* signal(7): an interrupted read is made again under SA_RESTART, and fails with EINTR without it. */
#include "harness.h"

static struct handshake data;
static int handled;
static void handler(int signo)
{
	handled++;
}
static void attempt(const char *what, unsigned long flags)
{
	long me = self();
	char c = 0;
	must(set_action(SIGUSR1, handler, flags, 0));
	long pid = must(fork());
	if (pid == 0) {
		await_state(me, 'S');
		sys(kill, me, SIGUSR1);
		sleep_ns(30 * MILLISECOND);
		signal_other(&data);
		finish(0);
	}
	long n = sys(read, data.fds[0], &c, 1);
	say("%s: %e, %d handled", what, n, N(handled));
	if (n < 0)
		await_other(&data);
	wait_for(pid, 0, 0);
}

int main(int argc, char **argv, char **envp)
{
	handshake_init(&data);
	attempt("SA_RESTART", SA_RESTART);
	attempt("no flag", 0);
	return 0;
}
