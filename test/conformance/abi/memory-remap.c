/* mremap(2): grows where there is room, moves where it may, keeps what is there; shrinking unmaps. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	char *pages = map_anonymous(8 * PAGE);
	must(sys(munmap, pages + 2 * PAGE, 6 * PAGE));
	pages[0] = 'a';
	pages[PAGE] = 'b';
	say("grown in place: %d", N(sys(mremap, pages, 2 * PAGE, 3 * PAGE, 0) == (long)pages));
	must(sys(mmap, pages + 3 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	say("no room: %e", sys(mremap, pages, 3 * PAGE, 5 * PAGE, 0));
	char *moved = (char *)must(sys(mremap, pages, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
	say("moved: %d, kept %d %d, new %d", N(moved != pages), N(moved[0]), N(moved[PAGE]), N(moved[4 * PAGE]));
	say("the old place: %e", sys(msync, pages, PAGE, MS_ASYNC));
	say("shrunk: %d", N(sys(mremap, moved, 5 * PAGE, PAGE, 0) == (long)moved));
	say("what was cut off: %e", sys(msync, moved + PAGE, PAGE, MS_ASYNC));
	say("to an address: %d", N(sys(mremap, moved, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, pages) ==
				   (long)pages && pages[0] == 'a'));
	say("FIXED without MAYMOVE: %e", sys(mremap, pages, PAGE, PAGE, MREMAP_FIXED, moved));
	say("what is not mapped: %e", sys(mremap, moved, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
	say("not on a page: %e", sys(mremap, pages + 1, PAGE, PAGE, 0));
	return 0;
}
