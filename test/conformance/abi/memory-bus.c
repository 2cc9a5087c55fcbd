/* mmap(2): a page beyond the end of the file raises SIGBUS; the rest of the last page is zero. */
#include "harness.h"

static void handler(int signo, siginfo_t *info, void *context)
{
	say("signal %d code %d", N(signo), N(info->si_code));
	finish(0);
}

int main(int argc, char **argv, char **envp)
{
	enter_scratch();
	long fd = must(open_file("file", O_RDWR | O_CREAT));
	must(sys(write, fd, "abc", 3));
	volatile char *page = (char *)must(map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	say("inside: %d, past the end: %d", N(page[2]), N(page[3]));
	must(set_action(SIGBUS, handler, SA_SIGINFO, 0));
	long pid = must(fork());
	if (pid == 0) {
		page[PAGE] = 1;
		finish(1);
	}
	reap("a store beyond", pid);
	say("a system call that reads there: %e", sys(write, 1, page + PAGE, 1));
	must(sys(ftruncate, fd, PAGE + 1));
	page[PAGE] = 1;
	say("after growing: %d", N(page[PAGE]));
	must(sys(ftruncate, fd, 0));
	pid = must(fork());
	if (pid == 0) {
		(void)page[0];
		finish(1);
	}
	reap("a load after shrinking", pid);
	return 0;
}
