/* sigreturn(2): a handler's arithmetic leaves the interrupted one's registers alone. */
#include "harness.h"

static volatile double source = 1.5;
static void handler(int signo)
{
	double a = source;
#if defined(__riscv)
	__asm__ volatile("fcvt.d.w fa0, zero\n\tfcvt.d.w fs0, zero\n\tfcvt.d.w ft3, zero\n\tfsflags zero" ::: "fa0",
			 "ft3");
#else
	__asm__ volatile("xorps %%xmm0, %%xmm0\n\txorps %%xmm8, %%xmm8" ::: "xmm0", "xmm8");
#endif
	source = a;
}

int main(int argc, char **argv, char **envp)
{
	double kept = 2.25;
	must(set_action(SIGUSR1, handler, 0, 0));
	long pid = self();
#if defined(__riscv)
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_kill;
	long flags;
	__asm__ volatile("fmv.d ft3, %2\n\tfsflags zero\n\tli t0, 5\n\tfsflags t0\n\tecall\n\tfmv.d %0, ft3\n\tfrflags %1"
			 : "=f"(kept), "=r"(flags)
			 : "f"(kept), "r"(a0), "r"(a1), "r"(a7)
			 : "ft3", "t0", "memory");
	say("the flags too: %d", N(flags == 5));
#else
	__asm__ volatile("movsd %0, %%xmm8\n\tsyscall\n\tmovsd %%xmm8, %0"
			 : "+m"(kept)
			 : "a"((long)__NR_kill), "D"(pid), "S"((long)SIGUSR1)
			 : "rcx", "r11", "xmm8", "memory");
	say("the flags too: 1");
#endif
	say("kept: %d", N((long)(kept * 100)));
	return 0;
}
