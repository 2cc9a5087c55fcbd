/* madvise(2), mincore(2): MADV_DONTNEED gives zeros again; a hole is ENOMEM. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	unsigned char there[4] = { 0 };
	char *pages = map_anonymous(4 * PAGE);
	pages[0] = pages[PAGE] = 5;
	must(sys(mincore, pages, 4 * PAGE, there));
	say("touched: %d %d %d", N(there[0] & 1), N(there[1] & 1), N(there[2] & 1));
	must(sys(madvise, pages, PAGE, MADV_DONTNEED));
	say("after MADV_DONTNEED: %d %d", N(pages[0]), N(pages[PAGE]));
	say("not on a page: %e", sys(madvise, pages + 1, PAGE, MADV_DONTNEED));
	say("advice that is none: %e", sys(madvise, pages, PAGE, 999));
	must(sys(munmap, pages + PAGE, PAGE));
	say("across a hole: %e", sys(madvise, pages, 3 * PAGE, MADV_DONTNEED));
	say("mincore across a hole: %e", sys(mincore, pages, 3 * PAGE, there));
	char *shared = map_shared(PAGE);
	shared[0] = 6;
	must(sys(madvise, shared, PAGE, MADV_DONTNEED));
	say("a shared page after MADV_DONTNEED: %d", N(shared[0]));
	return 0;
}
