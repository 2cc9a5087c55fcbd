/* futex(2), FUTEX_WAKE_OP: changes the second word, wakes at the first, and at the second if it was so. */
#include "harness.h"

static int first, second;
static long waiter(void *at)
{
	return sys(futex, at, FUTEX_WAIT, *(int *)at, 0, 0, 0);
}
static long wake_op(int op)
{
	return sys(futex, &first, FUTEX_WAKE_OP, 9, 9, &second, op);
}

int main(int argc, char **argv, char **envp)
{
	second = 5;
	long a = thread(0, waiter, &first);
	long b = thread(1, waiter, &second);
	await_state(a, 'S');
	await_state(b, 'S');
	say("if it was 9: %d", wake_op(FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 9)));
	say("the word: %d", N(second));
	join(0);
	say("if it was above 7: %d", wake_op(FUTEX_OP(FUTEX_OP_OR, 1, FUTEX_OP_CMP_GT, 7)));
	say("the word: %d", N(second));
	join(1);
	wake_op(FUTEX_OP(FUTEX_OP_ANDN, 8, FUTEX_OP_CMP_LT, 0));
	say("ANDN: %d", N(second));
	wake_op(FUTEX_OP(FUTEX_OP_XOR, 3, FUTEX_OP_CMP_LT, 0));
	say("XOR: %d", N(second));
	wake_op(FUTEX_OP(FUTEX_OP_SET, 12, FUTEX_OP_CMP_LT, 0));
	say("SET: %d", N(second));
	wake_op(FUTEX_OP(FUTEX_OP_ADD | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_LT, 0));
	say("shifted ADD: %d", N(second));
	return 0;
}
