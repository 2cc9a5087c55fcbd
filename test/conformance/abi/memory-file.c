/* mmap(2): stores to a shared mapping are in the file at once, stores to a private one never. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	char text[8] = { 0 };
	enter_scratch();
	long fd = must(open_file("file", O_RDWR | O_CREAT));
	must(sys(ftruncate, fd, 2 * PAGE));
	char *shared = (char *)must(map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	char *second = (char *)must(map(PAGE, PROT_READ, MAP_SHARED, fd, PAGE));
	char *private = (char *)must(map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	memcpy(shared, "shared", 6);
	shared[PAGE] = 'x';
	must(sys(pread64, fd, text, 6, 0));
	say("read: %s, the other mapping: %d, the private one: %s", text, N(second[0]), private);
	must(sys(pwrite64, fd, "SHA", 3, 0));
	say("after a write: %s", shared);
	private[0] = 'p';
	must(sys(pread64, fd, text, 6, 0));
	say("after a private store: %s and %s", text, private);
	long pid = must(fork());
	if (pid == 0) {
		shared[1] = 'c';
		private[1] = 'c';
		finish(0);
	}
	wait_for(pid, 0, 0);
	say("after the child's: %s and %s", shared, private);
	sys(close, fd);
	remove_file("file");
	shared[2] = 'd';
	say("without descriptor or name: %s", shared);
	say("msync: %e, of what is not mapped: %e", sys(msync, shared, PAGE, MS_SYNC),
	    sys(msync, (void *)(64 * PAGE), PAGE, MS_SYNC));
	fd = must(open_file("read", O_RDONLY | O_CREAT));
	say("shared for writing, opened for reading: %e", (long)map(PAGE, PROT_WRITE, MAP_SHARED, fd, 0));
	say("private for writing: %e", (long)map(PAGE, PROT_WRITE, MAP_PRIVATE, fd, 0));
	fd = must(open_file("write", O_WRONLY | O_CREAT));
	say("opened for writing alone: %e", (long)map(PAGE, PROT_READ, MAP_SHARED, fd, 0));
	return 0;
}
