/* ptrace(2), BUGS and kernel/ptrace.c: an execve waits for traced threads that are dead, and attachers wait for it. */
#include "harness.h"

static struct handshake tid_of_thread, attached;
static long target;

static long traced_thread(void *unused)
{
	int tid = (int)self_thread();
	must(ptrace(PTRACE_TRACEME, 0, 0, 0));
	must(sys(write, tid_of_thread.fds[1], &tid, sizeof(tid)));
	return 0;
}
static long attacher(void *unused)
{
	long result = ptrace(PTRACE_SEIZE, target, 0, 0);
	say("SEIZE: %e", result);
	signal_other(&attached);
	return 0;
}
static int is_ready(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	struct __kernel_timespec t = { 0, 50 * MILLISECOND };
	return (int)must(sys(ppoll, &p, 1, &t, 0, 0));
}

int main(int argc, char **argv, char **envp)
{
	int tid, status;
	if (argc > 1) {
		sleep_ns(300 * MILLISECOND);
		finish(5);
	}
	handshake_init(&tid_of_thread);
	handshake_init(&attached);
	target = must(fork());
	if (target == 0) {
		char *args[] = { argv[0], "x", NULL };
		thread(0, traced_thread, 0);
		join(0);
		sys(execve, argv[0], args, envp);
		finish(1);
	}
	must(sys(read, tid_of_thread.fds[0], &tid, sizeof(tid)));
	await_state(tid, 'Z');
	await_state(target, 'D');
	thread(1, attacher, 0);
	say("SEIZE has returned before the thread was waited for: %d", N(is_ready(attached.fds[0])));
	say("waiting for the thread: %d", N(wait_for(tid, &status, __WALL) == tid));
	say_status("the thread", status);
	await_other(&attached);
	join(1);
	reap("the process", target);
	return 0;
}
