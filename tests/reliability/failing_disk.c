/* A disk that fails: preloaded, it lets one chosen write, fsync or rename below a folder fail, or every write from there on.
 *
 * arm(folder, n, error, forever): call number n (from 0) below `folder` sets errno to `error`; with `forever` every later write too.
 * calls(): how many calls were counted since.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[4096];
static size_t root_length;
static int fail_at = -1, fail_forever, fail_error, n_calls;

void arm(const char *folder, int n, int error, int forever)
{
    strncpy(root, folder, sizeof root - 1);
    root_length = strlen(root);
    fail_at = n, fail_error = error, fail_forever = forever;
    __atomic_store_n(&n_calls, 0, __ATOMIC_SEQ_CST);
}

int calls(void) { return __atomic_load_n(&n_calls, __ATOMIC_SEQ_CST); }

static int fails(const char *path, int is_write)
{
    if (fail_at < 0 || strncmp(path, root, root_length) != 0)
        return 0;
    int n = __atomic_fetch_add(&n_calls, 1, __ATOMIC_SEQ_CST);
    if (n != fail_at && !(fail_forever && is_write && n > fail_at))
        return 0;
    errno = fail_error;
    return 1;
}

static int fd_fails(int fd, int is_write)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(path, is_write);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) { return fd_fails(fd, 1) ? -1 : REAL(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec *parts, int n) { return fd_fails(fd, 1) ? -1 : REAL(writev)(fd, parts, n); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return fd_fails(fd, 1) ? -1 : REAL(pwrite64)(fd, data, size, at); }
int ftruncate64(int fd, off64_t size) { return fd_fails(fd, 1) ? -1 : REAL(ftruncate64)(fd, size); }
int fsync(int fd) { return fd_fails(fd, 0) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fd_fails(fd, 0) ? -1 : REAL(fdatasync)(fd); }
int rename(const char *from, const char *to) { return fails(to, 0) ? -1 : REAL(rename)(from, to); }
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    return fails(to, 0) ? -1 : REAL(renameat2)(from_fd, from, to_fd, to, flags);
}
