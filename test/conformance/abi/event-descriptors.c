/* eventfd(2), timerfd_create(2), signalfd(2): counters, expirations and signals that are read. */
#include "harness.h"

struct times {
	long interval_sec, interval_nsec, sec, nsec;
};

static long take(long fd)
{
	unsigned long value = 0;
	long n = sys(read, fd, &value, 8);
	return n < 0 ? n : (long)value;
}
static long put(long fd, unsigned long value)
{
	return sys(write, fd, &value, 8);
}
static void say_poll(const char *when, long fd)
{
	struct pollfd p = { .fd = (int)fd, .events = POLLIN | POLLOUT };
	struct { long sec, nsec; } none = { 0, 0 };
	must(sys(ppoll, &p, 1, &none, 0, 8));
	say("%s: poll %x", when, N(p.revents));
}

int main(int argc, char **argv, char **envp)
{
	char text[256];
	long fd = must(sys(eventfd2, 3, O_NONBLOCK));
	say_poll("three", fd);
	say("all: %d", take(fd));
	say("nothing: %e", take(fd));
	say_poll("none", fd);
	say("write: %d", put(fd, 5));
	put(fd, 6);
	say("the sum: %d", take(fd));
	say("too much: %e", put(fd, ~0UL));
	say("the most: %d", put(fd, ~0UL - 1));
	say("one more: %e", put(fd, 1));
	say_poll("full", fd);
	say("little room: %e", sys(read, fd, text, 7));
	say("little to write: %e", sys(write, fd, text, 4));
	fd = must(sys(eventfd2, 2, 1 | O_NONBLOCK));
	say("semaphore: %d", take(fd));
	say("again: %d", take(fd));
	say("and then: %e", take(fd));
	say("a flag that is none: %e", sys(eventfd2, 0, 2));

	struct times t = { 0, 0, 0, 1000000 }, old;
	fd = must(sys(timerfd_create, 1, 0));
	say("a clock that is none: %e", sys(timerfd_create, 99, 0));
	must(sys(timerfd_settime, fd, 0, &t, 0));
	say("one expiration: %d", take(fd));
	must(sys(timerfd_gettime, fd, &old));
	say("off: %d", N(old.sec == 0 && old.nsec == 0));
	t = (struct times){ 0, 1000000, 0, 1000000 };
	must(sys(timerfd_settime, fd, 0, &t, 0));
	sleep_ns(20 * MILLISECOND);
	say("several: %d", N(take(fd) > 5));
	t = (struct times){ 0, 0, 1000, 0 };
	must(sys(timerfd_settime, fd, 0, &t, &old));
	say("the old interval: %d", old.interval_nsec);
	must(sys(timerfd_gettime, fd, &old));
	say("about a thousand seconds: %d", N(old.sec >= 990 && old.sec <= 1000));
	t.nsec = 1000000000;
	say("nanoseconds that are none: %e", sys(timerfd_settime, fd, 0, &t, 0));
	say("a flag that is none: %e", sys(timerfd_settime, fd, 64, &t, 0));
	t = (struct times){ 0, 0, 1, 0 };
	must(sys(timerfd_settime, fd, 1, &t, 0));
	say("an absolute time in the past: %d", take(fd));
	say("write: %e", sys(write, fd, text, 8));
	say("of a pipe's end: %e", sys(timerfd_gettime, 0, &old));

	kernel_sigset set = SIGBIT(SIGUSR1) | SIGBIT(SIGKILL);
	block(set);
	fd = must(sys(signalfd4, -1, &set, 8, O_NONBLOCK));
	say("no signal: %e", sys(read, fd, text, 256));
	must(sys(kill, self(), SIGUSR1));
	say_poll("a signal", fd);
	say("pending: %d", N(pending() == SIGBIT(SIGUSR1)));
	say("little room: %e", sys(read, fd, text, 127));
	say("read: %d", sys(read, fd, text, 256));
	say("which: %d, code %d, from us: %d", N(*(int *)text), N(*(int *)(text + 8)), N(*(int *)(text + 12) == self()));
	say("pending: %d", N(pending() == 0));
	set = SIGBIT(SIGUSR2);
	block(set);
	say("the same, for another: %d", N(sys(signalfd4, fd, &set, 8, 0) == fd));
	must(sys(kill, self(), SIGUSR1));
	say("not this one: %e", sys(read, fd, text, 256));
	must(sys(kill, self(), SIGUSR2));
	say("this one: %d", sys(read, fd, text, 256));
	say("signal: %d", N(*(int *)text));
	say("a mask of another size: %e", sys(signalfd4, -1, &set, 4, 0));
	say("of what is no signalfd: %e", sys(signalfd4, 0, &set, 8, 0));
	return 0;
}
