/*
 * What our guest programs stand on instead of a C library: a start, system calls, threads, and a way
 * to print. The same source runs on the host's Linux and, for riscv64, in the machine.
 */
#ifndef GUEST_H
#define GUEST_H

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/types.h>
#include <linux/wait.h>

typedef unsigned long size_t;
typedef long ssize_t;
#define NULL ((void *)0)
#define NANOSECOND 1L
#define MILLISECOND (1000000L * NANOSECOND)
#define SECOND 1000000000L
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- system calls ---- */

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start_c\n");
__asm__(".globl signal_return\nsignal_return:\n\tmov $15, %eax\n\tsyscall\n");
/* clone_thread(flags, stack, function, argument, parent_tid, child_tid) */
__asm__(".globl clone_thread\nclone_thread:\n\tpush %r12\n\tpush %r13\n\tmov %rdx, %r12\n\tmov %rcx, %r13\n"
	"\tmov %r8, %rdx\n\tmov %r9, %r10\n\txor %r8d, %r8d\n\tmov $56, %eax\n\tsyscall\n"
	"\ttest %eax, %eax\n\tjz 1f\n\tpop %r13\n\tpop %r12\n\tret\n1:\tmov %r13, %rdi\n\tcall *%r12\n"
	"\tmov %rax, %rdi\n\tmov $60, %eax\n\tsyscall\n");
#elif defined(__riscv)
static inline __attribute__((always_inline)) long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;
	register long a7 __asm__("a7") = n;
	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
			 : "memory");
	return a0;
}
__asm__(".globl _start\n_start:\n\t.option push\n\t.option norelax\n\tla gp, __global_pointer$\n\t.option pop\n"
	"\tmv a0, sp\n\tandi sp, sp, -16\n\tcall start_c\n");
__asm__(".globl clone_thread\nclone_thread:\n\tmv t0, a2\n\tmv t1, a3\n\tmv a2, a4\n\tmv a4, a5\n\tli a3, 0\n"
	"\tli a7, 220\n\tecall\n\tbeqz a0, 1f\n\tret\n1:\tmv a0, t1\n\tjalr t0\n\tli a7, 93\n\tecall\n");
#endif

#define SYS_PICK(_0, _1, _2, _3, _4, _5, _6, name, ...) name
#define L(x) ((long)(x))
#define SYS0(n) sys6(__NR_##n, 0, 0, 0, 0, 0, 0)
#define SYS1(n, a) sys6(__NR_##n, L(a), 0, 0, 0, 0, 0)
#define SYS2(n, a, b) sys6(__NR_##n, L(a), L(b), 0, 0, 0, 0)
#define SYS3(n, a, b, c) sys6(__NR_##n, L(a), L(b), L(c), 0, 0, 0)
#define SYS4(n, a, b, c, d) sys6(__NR_##n, L(a), L(b), L(c), L(d), 0, 0)
#define SYS5(n, a, b, c, d, e) sys6(__NR_##n, L(a), L(b), L(c), L(d), L(e), 0)
#define SYS6(n, a, b, c, d, e, f) sys6(__NR_##n, L(a), L(b), L(c), L(d), L(e), L(f))
/* sys(write, 1, text, size): a system call by its name, answering as the kernel does. */
#define sys(...) SYS_PICK(__VA_ARGS__, SYS6, SYS5, SYS4, SYS3, SYS2, SYS1, SYS0)(__VA_ARGS__)

extern long clone_thread(long flags, void *stack, long (*function)(void *), void *argument,
			 int *parent_tid, int *child_tid);

/* ---- what the compiler may call ---- */

void *memcpy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}
void *memset(void *to, int byte, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((volatile char *)to)[i] = byte;
	return to;
}
static inline size_t length(const char *text)
{
	size_t n = 0;
	while (text[n])
		n++;
	return n;
}
static inline int same(const void *a, const void *b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (((const char *)a)[i] != ((const char *)b)[i])
			return 0;
	return 1;
}

/* ---- printing ---- */

static const struct {
	int number;
	const char *name;
} error_names[] = {
#define E(name) { name, #name }
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC), E(EBADF), E(ECHILD),
	E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT), E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV),
	E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC),
	E(ESPIPE), E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK), E(ENAMETOOLONG), E(ENOSYS),
	E(ENOTEMPTY), E(ELOOP), E(ENODATA), E(ETIME), E(EOVERFLOW), E(EDESTADDRREQ), E(EMSGSIZE),
	E(EOPNOTSUPP), E(EADDRINUSE), E(ECONNRESET), E(EISCONN), E(ENOTCONN), E(ETIMEDOUT), E(ECONNREFUSED),
	E(EOWNERDEAD), E(ENOTRECOVERABLE),
#undef E
};

/* "EINVAL" for -EINVAL, "ok" for what is not an error. */
static inline const char *result(long value)
{
	if (value >= 0 || value < -4095)
		return "ok";
	for (size_t i = 0; i < COUNT(error_names); i++)
		if (error_names[i].number == -value)
			return error_names[i].name;
	return "E?";
}

static inline char *put_number(char *at, unsigned long value, unsigned base)
{
	char digits[24];
	int n = 0;
	do
		digits[n++] = "0123456789abcdef"[value % base];
	while ((value /= base) != 0);
	while (n > 0)
		*at++ = digits[--n];
	return at;
}

/* One line of output, in one write: %d (long), %x (long), %s, %e (a result, by its errno's name). */
static void say(const char *format, ...)
{
	char line[512];
	char *at = line;
	__builtin_va_list list;
	__builtin_va_start(list, format);
	for (; *format; format++) {
		if (*format != '%') {
			*at++ = *format;
			continue;
		}
		format++;
		if (*format == 's' || *format == 'e') {
			const char *text = *format == 's' ? __builtin_va_arg(list, const char *)
							  : result(__builtin_va_arg(list, long));
			while (*text)
				*at++ = *text++;
			continue;
		}
		long value = __builtin_va_arg(list, long);
		if (*format == 'd' && value < 0) {
			*at++ = '-';
			value = -value;
		}
		at = put_number(at, (unsigned long)value, *format == 'x' ? 16 : 10);
	}
	__builtin_va_end(list);
	*at++ = '\n';
	sys(write, 1, line, at - line);
}
#define say(format, ...) (say)(format, ##__VA_ARGS__)
/* Every number that is printed is a long. */
#define N(value) ((long)(value))

static inline void __attribute__((noreturn)) finish(int status)
{
	for (;;)
		sys(exit_group, status);
}
int main(int argc, char **argv, char **envp);
__attribute__((used)) static void start_c(long *sp)
{
	int argc = (int)sp[0];
	char **argv = (char **)(sp + 1);
	finish(main(argc, argv, argv + argc + 1));
}

/* A decimal number, 0 for none. */
static inline long number(const char *text)
{
	long value = 0;
	while (text && *text >= '0' && *text <= '9')
		value = value * 10 + *text++ - '0';
	return value;
}

/* ---- processes and threads ---- */

static inline long fork_with(long flags)
{
	return sys(clone, flags, 0, 0, 0, 0);
}
static inline long fork(void)
{
	return fork_with(SIGCHLD);
}
static inline long wait_for(long pid, int *status, int options)
{
	return sys(wait4, pid, status, options, 0);
}
static inline long self(void)
{
	return sys(getpid);
}
static inline long self_thread(void)
{
	return sys(gettid);
}

static char thread_stacks[8][16384] __attribute__((aligned(16)));
static int thread_alive[8];
/* Starts thread `n` (0 to 7) of this process; `join(n)` waits for it. Answers its id. */
static inline long thread(int n, long (*function)(void *), void *argument)
{
	long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		     CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	thread_alive[n] = 1;
	return clone_thread(flags, thread_stacks[n] + sizeof(thread_stacks[n]), function, argument,
				 &thread_alive[n], &thread_alive[n]);
}
static inline void join(int n)
{
	int tid;
	while ((tid = __atomic_load_n(&thread_alive[n], __ATOMIC_SEQ_CST)) != 0)
		sys(futex, &thread_alive[n], FUTEX_WAIT, tid, 0, 0, 0);
}
static inline void sleep_ns(long ns)
{
	struct __kernel_timespec t = { ns / SECOND, ns % SECOND };
	while (sys(nanosleep, &t, &t) == -EINTR)
		;
}

#endif
