/* mmap(2): anonymous memory is zero; private is copied by fork, shared is not. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	int *mine = map_anonymous(2 * PAGE);
	int *ours = map_shared(2 * PAGE);
	say("zero: %d %d", N(mine[1500]), N(ours[1500]));
	mine[0] = ours[0] = 1;
	long pid = must(fork());
	if (pid == 0) {
		say("the child sees %d %d", N(mine[0]), N(ours[0]));
		mine[0] = ours[0] = 2;
		ours[1500] = 3;
		finish(0);
	}
	reap("child", pid);
	say("the parent sees %d %d %d", N(mine[0]), N(ours[0]), N(ours[1500]));
	say("no length: %e", (long)map(0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	say("neither shared nor private: %e", (long)map(PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	say("no descriptor: %e", (long)map(PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
	say("an offset within a page: %e", (long)map(PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 5));
	say("far too much: %e", (long)map(1L << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	return 0;
}
