/* ptrace(2): at the stops around a call its number, arguments and result can be changed. */
#include "harness.h"

static void stop(long pid)
{
	resume(PTRACE_SYSCALL, pid, 0);
	must(wait_for(pid, 0, 0));
}

static void skip(long pid, struct registers *r)
{
	REG_CALL(r) = -1;
	set_registers(pid, r);
}

int main(int argc, char **argv, char **envp)
{
	long pid;
	struct registers r;
	traced_child(pid, {
		say("dup3: %e", sys(dup3, 1, 1, 0));
		say("exit is skipped");
		say("its result: %e", sys(exit_group, 9));
		say("and again");
		say("its result: %e", sys(exit_group, 9));
		say("still here");
	});
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)PTRACE_O_TRACESYSGOOD));
	stop(pid);
	stop(pid);
	get_registers(pid, &r);
	say("the result: %e", N(REG_RESULT(&r)));
	REG_RESULT(&r) = -EMFILE;
	set_registers(pid, &r);
	/* Two writes. */
	for (int i = 0; i < 4; i++)
		stop(pid);
	stop(pid);
	get_registers(pid, &r);
	say("the call is exit_group: %d", N(REG_CALL(&r) == __NR_exit_group));
	skip(pid, &r);
	/* Its end, and two writes. */
	for (int i = 0; i < 5; i++)
		stop(pid);
	stop(pid);
	get_registers(pid, &r);
	skip(pid, &r);
	stop(pid);
	get_registers(pid, &r);
	say("a call that is none answers: %e", N(REG_RESULT(&r)));
	REG_RESULT(&r) = -ENFILE;
	set_registers(pid, &r);
	resume(PTRACE_CONT, pid, 0);
	/* finish() tries again and again. */
	reap("end", pid);
	return 0;
}
