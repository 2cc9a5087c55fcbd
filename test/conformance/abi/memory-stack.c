/* setrlimit(2), RLIMIT_STACK: the stack grows by itself when it is used, up to its limit. */
#include "harness.h"

static long __attribute__((noinline, noclone)) down(long depth)
{
	volatile char room[4096];
	room[0] = 1;
	long below = depth == 0 ? 0 : down(depth - 1);
	/* The room is still needed, so that no compiler makes a loop of this. */
	__asm__ volatile("" : : "r"(room) : "memory");
	return below + room[0];
}

int main(int argc, char **argv, char **envp)
{
	say("a megabyte down: %d", N(down(250)));
	struct rlimit limit = { 0 };
	must(sys(prlimit64, 0, RLIMIT_STACK, 0, &limit));
	say("the limit is 8 MiB: %d", N(limit.rlim_cur == 8 << 20));
	long pid = must(fork());
	if (pid == 0) {
		down(2500);
		finish(1);
	}
	reap("ten megabytes down", pid);
	return 0;
}
