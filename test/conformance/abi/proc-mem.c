/* proc(5), /proc/[pid]/mem: "can be used to access the pages of a process's memory through open, read, and fseek". */
#include "harness.h"

static char word[] = "before";
static const char constant[] = "const";

static long open_of(long pid, const char *name, int flags)
{
	char path[64], *at = path;
	memcpy(at, "/proc/", 6);
	at = put_number(at + 6, (unsigned long)pid, 10);
	*at++ = '/';
	memcpy(at, name, length(name) + 1);
	return sys(openat, AT_FDCWD, path, flags, 0);
}

int main(int argc, char **argv, char **envp)
{
	struct handshake ready, more;
	char text[16] = { 0 };
	unsigned long vector[128];
	if (argc > 1) {
		await_other(&(struct handshake){ { (int)number(argv[1]), 0 } });
		finish(0);
	}
	long mine = must(open_of(self(), "mem", O_RDWR));
	say("write: %d", sys(pwrite64, mine, "after!", 6, word));
	say("the word is %s", word);
	say("write to what is read-only: %d", sys(pwrite64, mine, "forced", 5, constant));
	say("it is %s", (const char *)*(const char *volatile *)&(const char *){ constant });
	say("nothing is there: %e", sys(pread64, mine, text, 4, 64));
	char *two = map_anonymous(2 * PAGE);
	must(sys(munmap, two + PAGE, PAGE));
	say("half is there: %d", sys(pread64, mine, vector, 16, two + PAGE - 8));
	say("at the end of it: %e", sys(pread64, mine, vector, 16, two + PAGE));

	handshake_init(&ready);
	handshake_init(&more);
	long pid = must(fork());
	if (pid == 0) {
		memcpy(word, "child!", 6);
		signal_other(&ready);
		await_other(&more);
		char fd[8] = { 0 };
		put_number(fd, (unsigned long)more.fds[0], 10);
		char *args[] = { argv[0], fd, NULL };
		sys(execve, argv[0], args, envp);
		finish(1);
	}
	await_other(&ready);
	long theirs = must(open_of(pid, "mem", O_RDONLY));
	say("read: %d", sys(pread64, theirs, text, 6, word));
	say("the child's word is %s", text);
	say("write to what is open for reading: %e", sys(pwrite64, theirs, "x", 1, word));
	signal_other(&more);
	while (open_of(pid, "cmdline", O_RDONLY) >= 0) {
		long fd = open_of(pid, "cmdline", O_RDONLY), n = sys(read, fd, vector, sizeof(vector));
		sys(close, fd);
		if (n > (long)length(argv[0]) + 1)
			break;
		sleep_ns(MILLISECOND);
	}
	say("after its exec: %d", sys(pread64, theirs, text, 6, word));

	long stranger = must(fork());
	if (stranger == 0) {
		must(sys(setresgid, 1000, 1000, 1000));
		must(sys(setresuid, 1000, 1000, 1000));
		say("another user's: %e", open_of(pid, "mem", O_RDONLY));
		finish(0);
	}
	reap("stranger", stranger);
	signal_other(&more);
	reap("child", pid);

	long fd = must(open_of(self(), "auxv", O_RDONLY)), n = must(sys(read, fd, vector, sizeof(vector)));
	long words = n / 8, page_size = 0;
	for (long i = 0; i < words; i += 2)
		if (vector[i] == 6)
			page_size = (long)vector[i + 1];
	say("auxv: pages of %d, ends with %d %d", page_size, N(vector[words - 2]), N(vector[words - 1]));
	return 0;
}
