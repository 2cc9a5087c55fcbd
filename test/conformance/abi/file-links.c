/* path_resolution(7): symbolic links are followed, the last component's not always; unlink(2), link(2). */
#include "harness.h"

static void show(const char *name)
{
	struct stat st;
	long result = sys(newfstatat, AT_FDCWD, name, &st, 0);
	if (result < 0)
		say("  %s: %e", name, result);
	else
		say("  %s: mode %x links %d size %d", name, N(st.st_mode), N(st.st_nlink), N(st.st_size));
}
static long create(const char *name, int flags)
{
	long fd = open_file(name, O_CREAT | O_RDWR | flags);
	if (fd >= 0)
		sys(close, fd);
	return fd;
}
static long point(const char *name, const char *target)
{
	return sys(symlinkat, target, AT_FDCWD, name);
}
static long link_to(const char *from, const char *to, int flags)
{
	return sys(linkat, AT_FDCWD, from, AT_FDCWD, to, flags);
}

int main(int argc, char **argv, char **envp)
{
	char text[64] = "";
	char name[300];
	struct stat st;
	enter_scratch();
	must(create("file", 0));
	say("a link: %e", point("link", "file"));
	say("again: %e", point("link", "file"));
	say("to nothing: %e", point("empty", ""));
	show("link");
	must(sys(newfstatat, AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW));
	say("itself: mode %x size %d", N(st.st_mode), N(st.st_size));
	say("readlink: %d %s", sys(readlinkat, AT_FDCWD, "link", text, 63), text);
	say("cut: %d", sys(readlinkat, AT_FDCWD, "link", text, 2));
	say("no room: %e, of a file: %e", sys(readlinkat, AT_FDCWD, "link", text, 0), sys(readlinkat, AT_FDCWD, "file", text, 9));
	say("NOFOLLOW: %e", open_file("link", O_RDONLY | O_NOFOLLOW));
	say("PATH and NOFOLLOW: %e", open_file("link", O_PATH | O_NOFOLLOW));
	say("EXCL: %e", create("link", O_EXCL));
	must(point("ahead", "later"));
	show("ahead");
	say("EXCL on what leads nowhere: %e", create("ahead", O_EXCL));
	say("creation through it: %e", create("ahead", 0));
	show("later");
	must(point("one", "two"));
	must(point("two", "one"));
	say("a circle: %e", open_file("one", O_RDONLY));
	must(point("up", ".."));
	must(sys(mkdirat, AT_FDCWD, "dir", 0755));
	must(sys(symlinkat, "../file", AT_FDCWD, "dir/back"));
	show("dir/back");
	show("dir/../dir/./back");
	show("file/");
	show("file/x");
	show("link/");
	say("unlink of a directory: %e", remove_file("dir"));
	say("rmdir of a link to one: %e", sys(unlinkat, AT_FDCWD, "up", AT_REMOVEDIR));
	say("rmdir of one that is not empty: %e", sys(unlinkat, AT_FDCWD, "dir", AT_REMOVEDIR));
	say("rmdir of dot: %e", sys(unlinkat, AT_FDCWD, "dir/.", AT_REMOVEDIR));
	say("rmdir of dot dot: %e", sys(unlinkat, AT_FDCWD, "dir/..", AT_REMOVEDIR));
	say("a second name: %e", link_to("file", "hard", 0));
	show("file");
	say("a link to a link: %e", link_to("link", "linklink", 0));
	must(sys(newfstatat, AT_FDCWD, "linklink", &st, AT_SYMLINK_NOFOLLOW));
	say("which is one: %d", N((st.st_mode & S_IFMT) == S_IFLNK));
	say("FOLLOW: %e", link_to("link", "third", AT_SYMLINK_FOLLOW));
	show("third");
	say("of a directory: %e", link_to("dir", "dir2", 0));
	long fd = must(open_file("third", O_RDWR));
	must(remove_file("file"));
	must(remove_file("hard"));
	must(remove_file("third"));
	must(sys(fstat, fd, &st));
	say("without a name: links %d", N(st.st_nlink));
	say("written to: %d", sys(write, fd, "abc", 3));
	show("link");
	memset(name, 'n', 256);
	name[256] = 0;
	say("256 letters: %e", create(name, 0));
	name[255] = 0;
	say("255: %e", create(name, 0));
	say("an empty path: %e", open_file("", O_RDONLY));
	say("a bad one: %e", open_file((char *)8, O_RDONLY));
	return 0;
}
