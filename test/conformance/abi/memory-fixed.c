/* mmap(2): MAP_FIXED replaces what is there, MAP_FIXED_NOREPLACE fails with EEXIST. */
#include "harness.h"

static long at(char *address, long flags)
{
	return sys(mmap, address, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

int main(int argc, char **argv, char **envp)
{
	char *pages = map_anonymous(3 * PAGE);
	pages[0] = pages[PAGE] = 9;
	say("a hint that is taken goes elsewhere: %d", N(at(pages, 0) != (long)pages));
	say("NOREPLACE: %e", at(pages + PAGE, MAP_FIXED_NOREPLACE));
	say("FIXED: %d", N(at(pages + PAGE, MAP_FIXED) == (long)(pages + PAGE)));
	say("kept %d, replaced %d", N(pages[0]), N(pages[PAGE]));
	say("not on a page: %e", at(pages + 7, MAP_FIXED));
	must(sys(munmap, pages + PAGE, PAGE));
	say("NOREPLACE in a hole: %d", N(at(pages + PAGE, MAP_FIXED_NOREPLACE) == (long)(pages + PAGE)));
	return 0;
}
