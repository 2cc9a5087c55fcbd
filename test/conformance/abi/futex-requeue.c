/* futex(2), FUTEX_CMP_REQUEUE: wakes some, moves others to wait at another address. */
#include "harness.h"

static int first, second, ready;
static long waiter(void *unused)
{
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	return sys(futex, &first, FUTEX_WAIT, 0, 0, 0, 0);
}

int main(int argc, char **argv, char **envp)
{
	long tids[4];
	for (int i = 0; i < 4; i++)
		tids[i] = thread(i, waiter, 0);
	for (int i = 0; i < 4; i++)
		await_state(tids[i], 'S');
	say("another value: %e", sys(futex, &first, FUTEX_CMP_REQUEUE, 1, 9, &second, 5));
	say("woken and moved: %d", sys(futex, &first, FUTEX_CMP_REQUEUE, 1, 2, &second, 0));
	say("left at the first: %d", sys(futex, &first, FUTEX_WAKE, 9, 0, 0, 0));
	say("at the second: %d", sys(futex, &second, FUTEX_WAKE, 9, 0, 0, 0));
	for (int i = 0; i < 4; i++)
		join(i);
	say("FUTEX_REQUEUE of nobody: %d", sys(futex, &first, FUTEX_REQUEUE, 1, 1, &second, 0));
	say("a negative number: %e", sys(futex, &first, FUTEX_REQUEUE, -1, 1, &second, 0));
	return 0;
}
