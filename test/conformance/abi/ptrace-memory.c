/* ptrace(2): PEEKDATA and POKEDATA reach all that is mapped, whatever its protection; EIO elsewhere. */
#include "harness.h"

static long word = 0x1122334455667788;
static const long constant = 5;

int main(int argc, char **argv, char **envp)
{
	long *page = map_anonymous(PAGE);
	page[0] = 7;
	must(sys(mprotect, page, PAGE, PROT_NONE));
	long pid;
	traced_child(pid, {
		say("in the child: %x %d", N(word), N(*(volatile long *)&constant));
		must(sys(mprotect, page, PAGE, PROT_READ));
		say("in its page: %d", N(page[0]));
	});
	long value = 0;
	must(ptrace(PTRACE_PEEKDATA, pid, (long)&word, &value));
	say("peeked %x", N(value));
	must(ptrace(PTRACE_PEEKDATA, pid, (long)&word + 1, &value));
	say("not aligned %x", N(value & 0xffffffff));
	must(ptrace(PTRACE_POKEDATA, pid, (long)&word, (void *)0xabcdL));
	say("read-only: %e", ptrace(PTRACE_POKETEXT, pid, (long)&constant, (void *)6L));
	say("peek at PROT_NONE: %e", ptrace(PTRACE_PEEKDATA, pid, (long)page, &value));
	say("it is %d", N(value));
	say("poke there: %e", ptrace(PTRACE_POKEDATA, pid, (long)page, (void *)8L));
	say("nothing there: %e", ptrace(PTRACE_PEEKDATA, pid, 16, &value));
	say("our own is as it was: %x %d", N(word), N(*(volatile long *)&constant));
	resume(PTRACE_CONT, pid, 0);
	reap("end", pid);
	return 0;
}
