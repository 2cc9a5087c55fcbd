/* sigaltstack(2): SA_ONSTACK runs the handler on the other stack, which cannot be changed meanwhile. */
#include "harness.h"

static char other[16384] __attribute__((aligned(16)));
static int is_on(void *address)
{
	return (char *)address >= other && (char *)address < other + sizeof(other);
}
static void handler(int signo)
{
	int here;
	stack_t now = { 0 }, none = { 0 };
	none.ss_flags = SS_DISABLE;
	sys(sigaltstack, 0, &now);
	long changed = sys(sigaltstack, &none, 0);
	say("on the other stack: %d, flags %d, change: %e", N(is_on(&here)), N(now.ss_flags), changed);
}
static void overflow(int signo)
{
	say("a handler for a bad stack pointer ran");
	finish(0);
}

int main(int argc, char **argv, char **envp)
{
	stack_t stack = { other, 0, sizeof(other) }, old = { 0 };
	must(sys(sigaltstack, 0, &old));
	say("none: flags %d", N(old.ss_flags));
	say("too small: %e", sys(sigaltstack, &((stack_t){ other, 0, 1024 }), 0));
	say("a flag that is none: %e", sys(sigaltstack, &((stack_t){ other, 8, 8192 }), 0));
	must(sys(sigaltstack, &stack, 0));
	must(set_action(SIGUSR1, handler, SA_ONSTACK, 0));
	must(set_action(SIGUSR2, handler, 0, 0));
	sys(kill, self(), SIGUSR1);
	sys(sigaltstack, 0, &old);
	say("afterwards: flags %d, size %d", N(old.ss_flags), N(old.ss_size));
	must(set_action(SIGSEGV, overflow, SA_ONSTACK, 0));
	long pid = must(fork());
	if (pid == 0) {
#if defined(__x86_64__)
		__asm__ volatile("mov $64, %%rsp\n\tpush %%rax" ::: "memory");
#else
		__asm__ volatile("li sp, 64\n\tsd a0, 0(sp)" ::: "memory");
#endif
		finish(1);
	}
	reap("child", pid);
	return 0;
}
