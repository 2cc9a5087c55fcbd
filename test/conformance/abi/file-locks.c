/* fcntl(2), flock(2): record locks are a process's, go with any close of the file, and see deadlocks. */
#include "harness.h"
#include <linux/fs.h>

static long lock(long fd, int command, int type, long start, long size)
{
	struct flock l = { .l_type = (short)type, .l_whence = 0, .l_start = start, .l_len = size };
	return sys(fcntl, fd, command, &l);
}
static void ask(const char *who, long fd, int type, long start, long size)
{
	struct flock l = { .l_type = (short)type, .l_whence = 0, .l_start = start, .l_len = size };
	must(sys(fcntl, fd, F_GETLK, &l));
	say("%s: type %d start %d length %d, the parent's %d", who, N(l.l_type), N(l.l_start), N(l.l_len), N(l.l_pid == sys(getppid)));
}
#define in_child(body)                 \
	do {                           \
		long pid_ = must(fork()); \
		if (pid_ == 0) {       \
			body;          \
			finish(0);     \
		}                      \
		reap("child", pid_);   \
	} while (0)

int main(int argc, char **argv, char **envp)
{
	struct handshake first, second;
	enter_scratch();
	long fd = must(open_file("f", O_CREAT | O_RDWR));
	say("write lock: %e", lock(fd, F_SETLK, F_WRLCK, 10, 10));
	say("our own does not hinder: %e", lock(fd, F_SETLK, F_RDLCK, 12, 2));
	in_child({
		ask("before it", fd, F_WRLCK, 0, 10);
		ask("the first part", fd, F_RDLCK, 0, 100);
		ask("reading the middle", fd, F_RDLCK, 12, 2);
		ask("writing the middle", fd, F_WRLCK, 12, 2);
		say("writing all: %e", lock(fd, F_SETLK, F_WRLCK, 0, 0));
		say("reading the middle: %e", lock(fd, F_SETLK, F_RDLCK, 12, 2));
	});
	must(lock(fd, F_SETLK, F_UNLCK, 0, 15));
	in_child(ask("the rest", fd, F_WRLCK, 0, 0));
	sys(close, must(open_file("f", O_RDONLY)));
	in_child(ask("another descriptor was closed", fd, F_WRLCK, 0, 0));
	must(lock(fd, F_SETLK, F_WRLCK, 5, 0));
	in_child(ask("to the end", fd, F_WRLCK, 100000, 1));
	must(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	long reader = must(open_file("f", O_RDONLY));
	say("writing what is open for reading: %e", lock(reader, F_SETLK, F_WRLCK, 0, 1));
	say("before the beginning: %e", lock(fd, F_SETLK, F_RDLCK, -1, 1));
	say("a negative length: %e", lock(fd, F_SETLK, F_RDLCK, 10, -5));
	say("a type that is none: %e", lock(fd, F_SETLK, 77, 0, 1));

	handshake_init(&first);
	handshake_init(&second);
	must(lock(fd, F_SETLK, F_WRLCK, 0, 1));
	long pid = must(fork());
	if (pid == 0) {
		must(lock(fd, F_SETLK, F_WRLCK, 1, 1));
		signal_other(&first);
		long result = lock(fd, F_SETLKW, F_WRLCK, 0, 1);
		say("the child got it: %e", result);
		finish(0);
	}
	await_other(&first);
	await_state(pid, 'S');
	say("each waits for the other: %e", lock(fd, F_SETLKW, F_WRLCK, 1, 1));
	must(lock(fd, F_SETLK, F_UNLCK, 0, 1));
	reap("child", pid);

	say("of the open file: %e", lock(fd, F_OFD_SETLK, F_WRLCK, 0, 1));
	long other = must(open_file("f", O_RDWR));
	say("another open file: %e", lock(other, F_OFD_SETLK, F_WRLCK, 0, 1));
	say("the process itself: %e", lock(fd, F_SETLK, F_WRLCK, 0, 1));
	in_child(say("the child has the open file: %e", lock(fd, F_OFD_SETLK, F_RDLCK, 0, 1)));
	must(lock(fd, F_OFD_SETLK, F_UNLCK, 0, 0));

	say("flock, shared: %e", sys(flock, fd, 1));
	say("shared by another open file: %e", sys(flock, other, 1 | 4));
	say("exclusive: %e", sys(flock, other, 2 | 4));
	must(sys(flock, fd, 8));
	say("alone: %e", sys(flock, other, 2 | 4));
	in_child(say("the child's is the same: %e", sys(flock, other, 2 | 4)));
	say("record locks do not see it: %e", lock(fd, F_SETLK, F_WRLCK, 0, 0));
	sys(close, other);
	say("closed: %e", sys(flock, fd, 2 | 4));
	say("an operation that is none: %e", sys(flock, fd, 0));
	return 0;
}
