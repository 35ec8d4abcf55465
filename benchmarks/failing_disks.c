/* Lets calls of the system fail in one thread: all that need room, or any one alone.
 *
 * Built and loaded (LD_PRELOAD) by failing_disks.py, which arms it around what it tests.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/types.h>

static __thread long left = -1; /* calls that still succeed; -1: not armed */
static __thread long calls;
static __thread int full; /* a full disk: from then on, whatever needs room fails */

void arm(long succeeding, int disk_is_full) {
    left = succeeding;
    full = disk_is_full;
    calls = 0;
}

long disarm(void) {
    left = -1;
    return calls;
}

static int fails(int needs_room) {
    if (left < 0 || (full && !needs_room))
        return 0;
    calls++;
    if (calls <= left || (!full && calls > left + 1))
        return 0;
    errno = full ? ENOSPC : EIO;
    return 1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define WRAP(needs_room, type, name, parameters, arguments) \
    type name parameters {                                  \
        REAL(name);                                         \
        return fails(needs_room) ? (type)-1 : real arguments; \
    }

WRAP(1, ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
WRAP(1, ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
WRAP(1, ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at),
     (fd, data, size, at))
WRAP(1, ssize_t, copy_file_range,
     (int from, off64_t *at, int to, off64_t *where, size_t size, unsigned flags),
     (from, at, to, where, size, flags))
WRAP(1, ssize_t, sendfile, (int to, int from, off_t *at, size_t size), (to, from, at, size))
WRAP(1, ssize_t, sendfile64, (int to, int from, off64_t *at, size_t size), (to, from, at, size))
WRAP(1, int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(0, int, rename, (const char *from, const char *to), (from, to))
WRAP(0, int, fsync, (int fd), (fd))
WRAP(0, int, fdatasync, (int fd), (fd))

size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    REAL(fwrite);
    return fails(1) ? 0 : real(data, size, count, file);
}

static int creating(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
    return (flags & O_CREAT) && fails(1) ? -1 : real(path, flags, mode);
}

#define OPEN(name)                                 \
    int name(const char *path, int flags, ...) {   \
        mode_t mode = 0;                           \
        if (flags & O_CREAT) {                     \
            va_list rest;                          \
            va_start(rest, flags);                 \
            mode = va_arg(rest, int);              \
            va_end(rest);                          \
        }                                          \
        return creating(#name, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
