/* lseek(2), dup(2), open(2) O_APPEND, pread(2): open file descriptions have the offset, not descriptors. */
#include "harness.h"
#include <linux/fs.h>

static long at(long fd)
{
	return sys(lseek, fd, 0, SEEK_CUR);
}

int main(int argc, char **argv, char **envp)
{
	char text[64] = "";
	int pipe[2];
	struct iovec two[2] = { { "one", 3 }, { "two!", 4 } };
	enter_scratch();
	long fd = must(open_file("f", O_CREAT | O_RDWR));
	must(sys(write, fd, "0123456789", 10));
	long copy = must(sys(dup, fd));
	say("lseek: %d", sys(lseek, copy, 3, SEEK_SET));
	say("the other descriptor: %d", at(fd));
	long other = must(open_file("f", O_RDWR));
	say("another open file: %d", at(other));
	long pid = must(fork());
	if (pid == 0) {
		sys(lseek, fd, 7, SEEK_SET);
		finish(0);
	}
	reap("child", pid);
	say("moved by the child: %d", at(fd));
	say("before the beginning: %e", sys(lseek, fd, -11, SEEK_END));
	say("whence that is none: %e", sys(lseek, fd, 0, 99));
	say("beyond the end: %d", sys(lseek, fd, 5, SEEK_END));
	say("reading there: %d", sys(read, fd, text, 9));
	say("writing there: %d", sys(write, fd, "x", 1));
	say("size: %d", sys(lseek, fd, 0, SEEK_END));
	say("in the hole: %d", sys(pread64, fd, text, 5, 10));
	say("zeros: %d", N(same(text, "\0\0\0\0\0", 5)));
	say("pread leaves the offset: %d", at(fd));
	say("pread at a negative offset: %e", sys(pread64, fd, text, 5, -1));
	say("pwrite: %d, offset %d", sys(pwrite64, fd, "AB", 2, 1), at(fd));
	long append = must(open_file("f", O_WRONLY | O_APPEND));
	sys(lseek, append, 2, SEEK_SET);
	say("append: %d", sys(write, append, "end", 3));
	say("its offset: %d", at(append));
	say("pwrite to it: %d", sys(pwrite64, append, "Z", 1, 0));
	say("size: %d", sys(lseek, fd, 0, SEEK_END));
	say("reading what is for writing: %e", sys(read, append, text, 1));
	long reader = must(open_file("f", O_RDONLY));
	say("writing what is for reading: %e", sys(write, reader, text, 1));
	say("ftruncate of it: %e", sys(ftruncate, reader, 1));
	say("writev: %d", sys(writev, other, two, 2));
	say("readv of nothing: %d, of a negative number: %e", sys(readv, other, two, 0), sys(readv, other, two, -1));
	say("too many vectors: %e", sys(readv, other, two, 1025));
	must(sys(pread64, fd, text, 8, 0));
	text[8] = 0;
	say("begins with: %s", text);
	say("truncated to 4: %e", sys(ftruncate, fd, 4));
	say("grown to 8: %e", sys(truncate, "f", 8));
	say("read: %d", sys(pread64, fd, text, 60, 0));
	say("zeros: %d", N(same(text + 4, "\0\0\0\0", 4)));
	say("to a negative length: %e", sys(ftruncate, fd, -1));
	say("a read into nowhere: %e", sys(pread64, fd, (void *)8, 4, 0));
	say("of nothing into nowhere: %d", sys(pread64, fd, (void *)8, 0, 0));
	must(sys(pipe2, pipe, 0));
	say("lseek of a pipe: %e, pread: %e", sys(lseek, pipe[0], 0, SEEK_CUR), sys(pread64, pipe[0], text, 1, 0));
	say("ftruncate of a pipe: %e", sys(ftruncate, pipe[1], 0));
	say("lseek of no descriptor: %e", sys(lseek, 99, 0, SEEK_CUR));
	return 0;
}
