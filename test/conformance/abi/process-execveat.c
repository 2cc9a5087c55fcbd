/* execveat(2): a program by a descriptor, or by a path relative to one. */
#include "harness.h"

static char *again[] = { "self", "second", NULL };

static void try_exec(const char *what, long fd, const char *path, int flags)
{
	say("%s: %e", what, sys(execveat, fd, path, again, 0, flags));
}
static void run(const char *what, long fd, const char *path, int flags)
{
	long pid = must(fork());
	if (pid == 0) {
		try_exec(what, fd, path, flags);
		finish(1);
	}
	reap(what, pid);
}

int main(int argc, char **argv, char **envp)
{
	if (argc > 1) {
		say("here: %d arguments", N(argc));
		finish(7);
	}
	/* The program itself, wherever it is. */
	long self_fd = must(open_file("/proc/self/exe", O_RDONLY));
	enter_scratch();
	long here = must(open_file(".", O_RDONLY | O_DIRECTORY));
	must(sys(symlinkat, "/proc/self/exe", AT_FDCWD, "link"));
	sys(close, must(open_file("data", O_CREAT | O_RDWR)));
	must(sys(dup3, self_fd, 30, 0));
	must(sys(dup3, here, 31, 0));
	run("by descriptor", 30, "", AT_EMPTY_PATH);
	try_exec("an empty path", 30, "", 0);
	try_exec("no descriptor", 99, "", AT_EMPTY_PATH);
	run("by a relative path", 31, "link", 0);
	run("from the current directory", AT_FDCWD, "link", 0);
	try_exec("a link that is not followed", 31, "link", AT_SYMLINK_NOFOLLOW);
	try_exec("not to be executed", 31, "data", 0);
	try_exec("a directory", 31, "", AT_EMPTY_PATH);
	try_exec("what is not there", 31, "nothing", 0);
	try_exec("below a file", 30, "x", 0);
	try_exec("a flag that is none", 30, "", AT_EMPTY_PATH | 1);
	return 0;
}
