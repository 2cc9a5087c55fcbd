/* getrlimit(2), prlimit(2): RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_AS; the hard limit only goes down. */
#include "harness.h"

struct limit {
	unsigned long now, max;
};
static volatile int signals;

static void count(int signo)
{
	signals++;
}
static long set(int resource, unsigned long now, unsigned long max)
{
	struct limit l = { now, max };
	return sys(setrlimit, resource, &l);
}
static void users(void)
{
	struct limit l;
	must(sys(setresuid, 54321, 54321, 54321));
	must(sys(prlimit64, 0, RLIMIT_NPROC, 0, &l));
	must(set(RLIMIT_NPROC, 2, 3));
	say("above the hard limit: %e", set(RLIMIT_NPROC, 4, 3));
	say("raising the hard limit: %e", set(RLIMIT_NPROC, 2, 4));
	say("raising the soft one: %e", set(RLIMIT_NPROC, 3, 3));
	say("soft above hard: %e", set(RLIMIT_FSIZE, 2, 1));
	say("a resource that is none: %e", set(99, 1, 1));
	say("of another user's process: %e", sys(prlimit64, sys(getppid), RLIMIT_NPROC, 0, &l));
	must(set(RLIMIT_NPROC, 2, 3));
	long first = fork();
	if (first == 0) {
		struct limit long_time = { 1000, 0 };
		for (;;)
			sys(nanosleep, &long_time, 0);
	}
	say("a second process: %e", first);
	long second = fork();
	if (second == 0)
		finish(0);
	say("a third one: %e", second);
	must(sys(kill, first, SIGKILL));
	reap("the second", first);
	second = fork();
	if (second == 0)
		finish(3);
	say("when the second is gone: %e", second);
	reap("it", second);
	finish(0);
}

int main(int argc, char **argv, char **envp)
{
	struct limit l;
	int pipe[2];
	enter_scratch();
	set_action(SIGXFSZ, count, 0, 0);
	long fd = must(open_file("f", O_CREAT | O_RDWR));
	must(set(RLIMIT_FSIZE, 10, ~0UL));
	say("more than fits: %d", sys(write, fd, "0123456789abcdef", 16));
	say("signals: %d", N(signals));
	say("nothing fits: %e", sys(write, fd, "x", 1));
	say("signals: %d", N(signals));
	say("pwrite before the limit: %d", sys(pwrite64, fd, "xy", 2, 9));
	say("truncated beyond it: %e", sys(ftruncate, fd, 11));
	say("signals: %d", N(signals));
	say("to it: %e", sys(ftruncate, fd, 10));
	must(sys(pipe2, pipe, 0));
	say("a pipe has no limit: %d", sys(write, pipe[1], "0123456789abcdef", 16));
	must(set(RLIMIT_FSIZE, ~0UL, ~0UL));
	say("without a limit: %d", sys(write, fd, "0123456789abcdef", 16));
	must(sys(prlimit64, 0, RLIMIT_AS, 0, &l));
	must(set(RLIMIT_AS, 16 << 20, l.max));
	say("more memory than may be: %e", map(64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	say("less: %d", N(map(1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) > 0));
	long pid = must(fork());
	if (pid == 0)
		users();
	reap("child", pid);
	must(sys(prlimit64, 0, RLIMIT_AS, 0, &l));
	say("the limit is ours: %d", N(l.now == 16 << 20));
	return 0;
}
