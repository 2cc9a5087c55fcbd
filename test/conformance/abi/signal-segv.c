/* sigaction(2): SIGSEGV tells the address, and whether nothing is there or it is not allowed. */
#include "harness.h"

static char *expected;
static void handler(int signo, siginfo_t *info, void *context)
{
	say("signal %d code %d at the address: %d", N(signo), N(info->si_code), N(info->si_addr == expected));
	finish(0);
}
static void attempt(const char *what, char *address, int is_write)
{
	long pid = must(fork());
	if (pid == 0) {
		expected = address;
		must(set_action(SIGSEGV, handler, SA_SIGINFO, 0));
		say("%s", what);
		if (is_write)
			*(volatile char *)address = 1;
		else
			(void)*(volatile char *)address;
		say("nothing happened");
		finish(0);
	}
	wait_for(pid, 0, 0);
}

int main(int argc, char **argv, char **envp)
{
	char *page = map_anonymous(2 * PAGE);
	must(sys(mprotect, page, PAGE, PROT_READ));
	attempt("a read where nothing is", (char *)16, 0);
	attempt("a write to what may be read", page + 5, 1);
	attempt("a write beside it", page + PAGE, 1);
	must(sys(mprotect, page, PAGE, PROT_NONE));
	attempt("a read of what may not be", page + 7, 0);
	long pid = must(fork());
	if (pid == 0) {
		must(set_action(SIGSEGV, handler, SA_SIGINFO, 0));
		block(SIGBIT(SIGSEGV));
		*(volatile char *)16 = 1;
		finish(0);
	}
	reap("with SIGSEGV blocked", pid);
	pid = must(fork());
	if (pid == 0) {
		must(set_action(SIGSEGV, (void *)1, 0, 0));
		*(volatile char *)16 = 1;
		finish(0);
	}
	reap("with SIGSEGV ignored", pid);
	return 0;
}
