/*
 * signal(7): what reaches a stopped process waits for SIGCONT, deadly or not, but for SIGKILL.
 */
#include "harness.h"

static struct handshake told;

static void tell(int signo)
{
	say("handler of %d", N(signo));
	signal_other(&told);
}
static long rest(void *unused)
{
	for (;;)
		sleep_ns(SECOND);
	return 0;
}
static long stopped_child(int with_thread, int handled)
{
	long pid = must(fork());
	int status = 0;
	if (pid == 0) {
		if (handled)
			must(set_action(handled, tell, 0, 0));
		if (with_thread)
			must(thread(0, rest, 0));
		signal_other(&told);
		rest(0);
	}
	await_other(&told);
	must(sys(kill, pid, SIGSTOP));
	must(wait_for(pid, &status, WUNTRACED));
	return pid;
}
/* The state of the process after a while, and whether a wait finds anything new. */
static void say_quiet(const char *who, long pid)
{
	int status = 0;
	sleep_ns(20 * MILLISECOND);
	char text[2] = { state_of(pid), 0 };
	say("%s: state %s, wait says %d", who, text, N(wait_for(pid, &status, WUNTRACED | WNOHANG)));
}
static void test(const char *who, int signo, int with_thread, int handled)
{
	long pid = stopped_child(with_thread, handled);
	must(sys(kill, pid, signo));
	say_quiet(who, pid);
	must(sys(kill, pid, SIGCONT));
	if (handled) {
		await_other(&told);
		must(sys(kill, pid, SIGKILL));
	}
	reap(who, pid);
}
static void test_thread_directed(void)
{
	long pid = stopped_child(1, 0);
	must(sys(tgkill, pid, pid, SIGTERM));
	say_quiet("tgkill", pid);
	must(sys(kill, pid, SIGCONT));
	reap("tgkill", pid);
}
/* SIGTERM's number is smaller: it is taken first, and SIGCONT's handler does not run. */
static void test_order(void)
{
	long pid = stopped_child(0, SIGCONT);
	must(sys(kill, pid, SIGTERM));
	must(sys(kill, pid, SIGCONT));
	reap("order", pid);
}
static void test_killed(void)
{
	long pid = stopped_child(1, 0);
	must(sys(kill, pid, SIGTERM));
	must(sys(kill, pid, SIGKILL));
	reap("killed", pid);
}
int main(int argc, char **argv, char **envp)
{
	handshake_init(&told);
	test("SIGTERM", SIGTERM, 0, 0);
	test("SIGABRT", SIGABRT, 0, 0);
	test("SIGTERM, two threads", SIGTERM, 1, 0);
	test("SIGUSR1 with a handler", SIGUSR1, 0, SIGUSR1);
	test_thread_directed();
	test_order();
	test_killed();
	return 0;
}
