/* futex(2), FUTEX_WAIT_BITSET: woken only by a wake with a common bit; its time is absolute. */
#include "harness.h"

static int word;
static long waiter(void *bits)
{
	return sys(futex, &word, FUTEX_WAIT_BITSET, 0, 0, 0, (long)bits);
}

int main(int argc, char **argv, char **envp)
{
	long a = thread(0, waiter, (void *)1L);
	long b = thread(1, waiter, (void *)2L);
	await_state(a, 'S');
	await_state(b, 'S');
	say("bit 4: %d", sys(futex, &word, FUTEX_WAKE_BITSET, 9, 0, 0, 4));
	say("bit 2: %d", sys(futex, &word, FUTEX_WAKE_BITSET, 9, 0, 0, 2));
	join(1);
	say("any: %d", sys(futex, &word, FUTEX_WAKE, 9, 0, 0, 0));
	join(0);
	say("no bit: %e %e", sys(futex, &word, FUTEX_WAIT_BITSET, 0, 0, 0, 0),
	    sys(futex, &word, FUTEX_WAKE_BITSET, 1, 0, 0, 0));
	struct __kernel_timespec past = { 0, 1 };
	say("a moment in the past: %e", sys(futex, &word, FUTEX_WAIT_BITSET, 0, &past, 0, -1));
	say("by the clock of the day: %e",
	    sys(futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, 0, -1));
	return 0;
}
