/* Makes processes that sleep, each with a page of its own, and waits for all: sleepers COUNT. */
#include "guest.h"

static char page[4096] __attribute__((aligned(4096)));

int main(int argc, char **argv, char **envp)
{
	long count = number(argv[1]);
	for (long i = 0; i < count; i++) {
		if (fork() != 0)
			continue;
		page[i % 4096] = 1;
		sleep_ns(SECOND);
		finish(0);
	}
	for (long i = 0; i < count; i++)
		if (wait_for(-1, 0, 0) < 0)
			return 1;
	say("%d processes slept", count);
	return 0;
}
