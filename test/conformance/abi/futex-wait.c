/* futex(2), FUTEX_WAIT and FUTEX_WAKE: sleeps only while the word is as expected; wakes so many. */
#include "harness.h"

static int word, ready;
static long waiter(void *unused)
{
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	return sys(futex, &word, FUTEX_WAIT, 0, 0, 0, 0);
}

int main(int argc, char **argv, char **envp)
{
	struct __kernel_timespec brief = { 0, 5 * MILLISECOND };
	long tids[3];
	say("another value: %e", sys(futex, &word, FUTEX_WAIT, 1, 0, 0, 0));
	say("the time is over: %e", sys(futex, &word, FUTEX_WAIT, 0, &brief, 0, 0));
	say("not aligned: %e", sys(futex, (char *)&word + 1, FUTEX_WAIT, 0, 0, 0, 0));
	say("not there: %e", sys(futex, (int *)16, FUTEX_WAIT, 0, 0, 0, 0));
	say("nobody waits: %d", sys(futex, &word, FUTEX_WAKE, 9, 0, 0, 0));
	for (int i = 0; i < 3; i++)
		tids[i] = thread(i, waiter, 0);
	while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < 3)
		sys(sched_yield);
	for (int i = 0; i < 3; i++)
		await_state(tids[i], 'S');
	say("one: %d", sys(futex, &word, FUTEX_WAKE, 1, 0, 0, 0));
	say("the others: %d", sys(futex, &word, FUTEX_WAKE, 9, 0, 0, 0));
	for (int i = 0; i < 3; i++)
		join(i);
	say("no such operation: %e", sys(futex, &word, 99, 0, 0, 0, 0));
	brief.tv_nsec = SECOND;
	say("a bad time: %e", sys(futex, &word, FUTEX_WAIT, 0, &brief, 0, 0));
	return 0;
}
