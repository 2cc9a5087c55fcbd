/* mprotect(2): takes effect page by page; a gap is ENOMEM; system calls answer EFAULT instead of dying. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	char *pages = map_anonymous(4 * PAGE);
	long fd = must(sys(memfd_create, "x", 0));
	must(sys(write, fd, "text", 4));
	say("inside a page: %e", sys(mprotect, pages + 1, PAGE, PROT_READ));
	must(sys(mprotect, pages + PAGE, PAGE, PROT_READ));
	say("into what may be read only: %e", sys(pread64, fd, pages + PAGE, 4, 0));
	say("beside it: %d", sys(pread64, fd, pages + 2 * PAGE, 4, 0));
	must(sys(mprotect, pages, PAGE, PROT_NONE));
	say("from what may not be read: %e", sys(write, fd, pages, 1));
	must(sys(munmap, pages + 2 * PAGE, PAGE));
	say("across a hole: %e", sys(mprotect, pages + PAGE, 3 * PAGE, PROT_READ | PROT_WRITE));
	say("before the hole it took effect: %d", sys(pread64, fd, pages + PAGE, 4, 0));
	say("a hole unmapped again: %e", sys(munmap, pages + 2 * PAGE, PAGE));
	say("not on a page: %e, no length: %e", sys(munmap, pages + 1, PAGE), sys(munmap, pages, 0));
	return 0;
}
