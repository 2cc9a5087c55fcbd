/*
 * What the conformance programs stand on, besides programs/guest.h: so that the same source says the
 * same to Linux on the host and to the machine.
 *
 * A program logs facts that any correct kernel must agree on: never ids, addresses or times. Where two
 * tasks race, they shake hands through a pipe first.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <asm/ioctls.h>
#include <asm/stat.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/elf.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/memfd.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/resource.h>
#include <linux/seccomp.h>
#include <linux/stat.h>
#include <linux/timerfd.h>
#include <linux/uio.h>
#include <linux/un.h>

#include "guest.h"

typedef unsigned long kernel_sigset;

static inline void __attribute__((noreturn)) broken(const char *what, long value)
{
	say("broken: %s: %e %d", what, value, value);
	finish(99);
}
/* The result of a call that is not what is tested: it has to succeed. */
static inline long must_(const char *what, long value)
{
	if (value < 0 && value >= -4095)
		broken(what, value);
	return value;
}
#define must(call) must_(#call, L(call))

/* ---- processes ---- */

/* "exit 3", "signal 9", "stop 19", "event 4 of 5": what a wait status says, core dumps aside. */
static inline void say_status(const char *who, int status)
{
	if ((status & 0x7f) == 0)
		say("%s: exit %d", who, N((status >> 8) & 255));
	else if (status == 0xffff)
		say("%s: continued", who);
	else if ((status & 0xff) == 0x7f && status >> 16)
		say("%s: event %d of signal %d", who, N(status >> 16), N((status >> 8) & 255));
	else if ((status & 0xff) == 0x7f)
		say("%s: stop %d", who, N((status >> 8) & 255));
	else
		say("%s: signal %d", who, N(status & 0x7f));
}
/* Waits for a child and says how it ended, or what it stopped for. */
static inline int reap(const char *who, long pid)
{
	int status = 0;
	must(wait_for(pid, &status, __WALL));
	say_status(who, status);
	return status;
}
/* ---- handshakes ---- */

struct handshake {
	int fds[2];
};
static inline void handshake_init(struct handshake *h)
{
	must(sys(pipe2, h->fds, 0));
}
static inline void signal_other(struct handshake *h)
{
	must(sys(write, h->fds[1], "!", 1));
}
static inline void await_other(struct handshake *h)
{
	char c;
	while (sys(read, h->fds[0], &c, 1) == -EINTR)
		;
}
/* Waits until the task is asleep: what no handshake can say. */
static inline char state_of(long pid)
{
	char path[64], text[512];
	char *at = path;
	memcpy(at, "/proc/", 6);
	at = put_number(at + 6, pid, 10);
	memcpy(at, "/stat", 6);
	long fd = sys(openat, AT_FDCWD, path, O_RDONLY, 0);
	if (fd < 0)
		return '?';
	long n = sys(read, fd, text, sizeof(text));
	sys(close, fd);
	while (n > 0 && text[n - 1] != ')')
		n--;
	return n > 0 ? text[n + 1] : '?';
}
static inline void await_state(long pid, char state)
{
	for (int tries = 0; state_of(pid) != state; tries++) {
		if (tries > 5000)
			broken("await_state", state_of(pid));
		sleep_ns(MILLISECOND);
	}
}

/* ---- signals ---- */

struct kernel_action {
	void *handler;
	unsigned long flags;
#if defined(__x86_64__)
	void *restorer;
#endif
	kernel_sigset mask;
};
extern void signal_return(void);
static inline long set_action(int signo, void *handler, unsigned long flags, kernel_sigset mask)
{
	struct kernel_action action = { .handler = handler, .flags = flags, .mask = mask };
#if defined(__x86_64__)
	action.flags |= 0x04000000;
	action.restorer = signal_return;
#endif
	return sys(rt_sigaction, signo, &action, 0, sizeof(kernel_sigset));
}
#define SIGBIT(signo) (1UL << ((signo) - 1))
static inline void block(kernel_sigset set)
{
	must(sys(rt_sigprocmask, SIG_BLOCK, &set, 0, 8));
}
static inline void unblock(kernel_sigset set)
{
	must(sys(rt_sigprocmask, SIG_UNBLOCK, &set, 0, 8));
}
static inline kernel_sigset pending(void)
{
	kernel_sigset set = 0;
	must(sys(rt_sigpending, &set, 8));
	return set;
}
static inline void do_nothing(int signo)
{
	(void)signo;
}

/* ---- memory ---- */

#define PAGE 4096L
static inline void *map(long size, int prot, int flags, long fd, long offset)
{
	return (void *)sys(mmap, 0, size, prot, flags, fd, offset);
}
static inline void *map_anonymous(long size)
{
	return (void *)must(map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}
static inline void *map_shared(long size)
{
	return (void *)must(map(size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

/* ---- files ---- */

static inline long open_file(const char *path, int flags)
{
	return sys(openat, AT_FDCWD, path, flags, 0600);
}
/* A new empty directory to work in, below the current one, which it becomes. */
static inline void enter_scratch(void)
{
	char path[64] = "conformance-";
	*put_number(path + length(path), (unsigned long)self(), 10) = 0;
	must(sys(mkdirat, AT_FDCWD, path, 0700));
	must(sys(chdir, path));
}
static inline long remove_file(const char *path)
{
	return sys(unlinkat, AT_FDCWD, path, 0);
}

/* ---- ptrace ---- */

static inline long ptrace(long request, long pid, long addr, void *data)
{
	return sys(ptrace, request, pid, addr, data);
}
#if defined(__x86_64__)
struct registers {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs,
		eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};
#define REG_PC(r) ((r)->rip)
#define REG_SP(r) ((r)->rsp)
#define REG_RESULT(r) ((r)->rax)
#define REG_CALL(r) ((r)->orig_rax)
#define REG_ARG0(r) ((r)->rdi)
#elif defined(__riscv)
struct registers {
	unsigned long pc, x[31];
};
#define REG_PC(r) ((r)->pc)
#define REG_SP(r) ((r)->x[1])
#define REG_RESULT(r) ((r)->x[9])
#define REG_CALL(r) ((r)->x[16])
#define REG_ARG0(r) ((r)->x[9])
#endif
static inline void get_registers(long pid, struct registers *r)
{
	struct iovec iov = { r, sizeof(*r) };
	must(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov));
}
static inline void set_registers(long pid, struct registers *r)
{
	struct iovec iov = { r, sizeof(*r) };
	must(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov));
}
static inline void resume(long request, long pid, long signo)
{
	must(ptrace(request, pid, 0, (void *)signo));
}
/* A child that asks to be traced and stops itself; it is waited for. */
#define traced_child(pid, body)                                   \
	do {                                                      \
		pid = must(fork());                               \
		if (pid == 0) {                                   \
			must(ptrace(PTRACE_TRACEME, 0, 0, 0));    \
			sys(kill, self(), SIGSTOP);               \
			body;                                     \
			finish(0);                                \
		}                                                 \
		int status_;                                      \
		must(wait_for(pid, &status_, __WALL));            \
	} while (0)

#endif
