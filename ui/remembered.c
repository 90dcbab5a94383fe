/*
 * What the screen remembers from one run to the next: see remembered.h.
 */
#include "remembered.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../src/history_file.h"
#include "../src/text.h"

/* No file of ours is larger: what is, is not one. */
enum { FILE_MAX = REMEMBERED_KINDS * REMEMBERED_LINES * (REMEMBERED_LINE + 16) + 1024 };
enum { NAME_SIZE = REMEMBERED_PATH + 8 };

static const char first_line[] = "anchortop screen 1";
static const char *const kind_names[REMEMBERED_KINDS] = {"filter", "find"};

/* What stands in the file. */
struct content {
    char theme[THEME_NAME_SIZE];
    struct remembered_lines lines[REMEMBERED_KINDS];
};

void remembered_lines_add(struct remembered_lines *lines, const char *line)
{
    if (!*line || (lines->count && strcmp(lines->lines[lines->count - 1], line) == 0))
        return;
    char *kept = strdup(line);
    if (!kept)
        return;
    if (lines->count == REMEMBERED_LINES) {
        free(lines->lines[0]);
        memmove(lines->lines, lines->lines + 1, --lines->count * sizeof *lines->lines);
    }
    lines->lines[lines->count++] = kept;
}

void remembered_lines_free(struct remembered_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->lines[i]);
    lines->count = 0;
}

static void free_content(struct content *content)
{
    for (int kind = 0; kind < REMEMBERED_KINDS; kind++)
        remembered_lines_free(&content->lines[kind]);
}

bool remembered_default_path(char *path, size_t size)
{
    char journal[HISTORY_PATH_SIZE];
    if (!history_default_path(journal, sizeof journal))
        return false;
    *strrchr(journal, '/') = '\0';
    int length = snprintf(path, size, "%s/screen", journal);
    return length > 0 && (size_t)length < size;
}

/* Whether a line is text that a prompt can hold: UTF-8 without controls. */
static bool is_plain(const char *line)
{
    size_t length = strlen(line);
    for (size_t at = 0; at < length;) {
        uint32_t c;
        size_t bytes = text_decode(line + at, length - at, &c);
        bool broken = bytes == 1 && (unsigned char)line[at] >= 0x80;
        if (broken || c < 0x20 || (c >= 0x7F && c < 0xA0))
            return false;
        at += bytes;
    }
    return length < REMEMBERED_LINE;
}

static bool take_line(struct content *content, const char *line)
{
    static const char theme[] = "theme ";
    if (strncmp(line, theme, sizeof theme - 1) == 0) {
        line += sizeof theme - 1;
        /* Names only: what has a slash is a path. */
        if (!*line || !is_plain(line) || strchr(line, '/') || strlen(line) >= sizeof content->theme)
            return false;
        snprintf(content->theme, sizeof content->theme, "%s", line);
        return true;
    }
    for (int kind = 0; kind < REMEMBERED_KINDS; kind++) {
        size_t length = strlen(kind_names[kind]);
        if (strncmp(line, kind_names[kind], length) != 0 || line[length] != ' ')
            continue;
        line += length + 1;
        remembered_lines_add(&content->lines[kind], line);
        return is_plain(line);
    }
    return false;
}

/* Takes the text of a file apart, in place. Returns the number of the first wrong line, or 0. */
static int parse(struct content *content, char *text, size_t length)
{
    int number = 1;
    char *end = text + length;
    for (char *line = text; line < end || number == 1; number++) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop || memchr(line, '\0', (size_t)(stop - line)))
            return number;
        *stop = '\0';
        if (number == 1 ? strcmp(line, first_line) != 0 : !take_line(content, line))
            return number;
        line = stop + 1;
    }
    return 0;
}

static bool refuse(const char *path, const char *what, char *reason, size_t size)
{
    snprintf(reason, size, "%s %s; theme and earlier filters are not kept", path, what);
    return false;
}

/* Opens the file when it is one of ours. -1 with a sentence, or with none when there is no file. */
static int open_own(const char *path, char *reason, size_t size)
{
    struct stat status;
    reason[0] = '\0';
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return -1;
    if (file < 0 && errno == ELOOP)
        refuse(path, "is a symbolic link", reason, size);
    else if (file < 0 || fstat(file, &status) != 0)
        refuse(path, strerror(errno), reason, size);
    else if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_size > FILE_MAX)
        refuse(path, "is not a file of anchortop's", reason, size);
    else
        return file;
    if (file >= 0)
        close(file);
    return -1;
}

/* Reads what the file holds; true with nothing when it is not there. */
static bool read_content(const char *path, struct content *content, char *reason, size_t size)
{
    int file = open_own(path, reason, size);
    if (file < 0)
        return !reason[0];
    char *text = malloc(FILE_MAX + 1);
    size_t length = 0;
    ssize_t got = text ? 1 : -1;
    while (got > 0 && length <= FILE_MAX) {
        got = read(file, text + length, FILE_MAX + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    close(file);
    int wrong = got < 0 ? -1 : parse(content, text, length);
    free(text);
    if (wrong > 0) {
        char what[64];
        snprintf(what, sizeof what, "is damaged in line %d (remove it to begin anew)", wrong);
        return refuse(path, what, reason, size);
    }
    return wrong == 0 || refuse(path, "cannot be read", reason, size);
}

bool remembered_open(struct remembered *remembered, const char *path,
                     struct remembered_lines lines[REMEMBERED_KINDS], char *reason,
                     size_t reason_size)
{
    struct content content = {.theme = ""};
    *remembered = (struct remembered){.path = ""};
    if (!*path)
        return true;
    if (!read_content(path, &content, reason, reason_size)) {
        free_content(&content);
        return false;
    }
    snprintf(remembered->path, sizeof remembered->path, "%s", path);
    memcpy(remembered->theme, content.theme, sizeof remembered->theme);
    memcpy(lines, content.lines, sizeof content.lines);
    return true;
}

/* Makes the directories on the way to a file, for their owner alone. */
static void make_directories(const char *path)
{
    char part[REMEMBERED_PATH];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700); /* what is in the way shows when the file is opened */
        *slash = '/';
    }
}

/* Holds the lock beside the file. -1 when that cannot be had soon: a program holds it for the time
 * of one write. */
static int lock(const char *path)
{
    enum { TRIES = 20, PAUSE_NS = 2000000 };
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s.lock", path);
    int file = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    for (int i = 0; file >= 0 && i < TRIES; i++) {
        if (flock(file, LOCK_EX | LOCK_NB) == 0)
            return file;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    int error = file < 0 ? errno : EWOULDBLOCK;
    if (file >= 0)
        close(file);
    errno = error;
    return -1;
}

/* Writes the content beside the file, then puts that in its place. On failure errno says why. */
static bool write_content(const char *path, const struct content *content)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s.new", path);
    unlink(name); /* left behind by one that ended meanwhile: the lock is ours */
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file)
        return false;
    fprintf(file, "%s\n", first_line);
    if (content->theme[0])
        fprintf(file, "theme %s\n", content->theme);
    for (int kind = 0; kind < REMEMBERED_KINDS; kind++)
        for (size_t i = 0; i < content->lines[kind].count; i++)
            fprintf(file, "%s %s\n", kind_names[kind], content->lines[kind].lines[i]);
    bool written = !ferror(file);
    written &= fclose(file) == 0;
    if (written && rename(name, path) == 0)
        return true;
    int error = errno;
    unlink(name);
    errno = error;
    return false;
}

/* What is to be added to the file. */
struct change {
    const char *theme; /* NULL: none */
    enum remembered_kind kind;
    const char *line;
};

static void apply(struct content *content, const struct change *change)
{
    if (change->theme) {
        snprintf(content->theme, sizeof content->theme, "%s", change->theme);
        return;
    }
    /* A line that is entered again is the newest. */
    struct remembered_lines *lines = &content->lines[change->kind];
    for (size_t i = 0; i < lines->count; i++) {
        if (strcmp(lines->lines[i], change->line) != 0)
            continue;
        free(lines->lines[i]);
        memmove(lines->lines + i, lines->lines + i + 1,
                (--lines->count - i) * sizeof *lines->lines);
        break;
    }
    remembered_lines_add(lines, change->line);
}

/* Reads the file again, for others may have added to it, and writes it with the change. */
static bool save(const struct remembered *remembered, const struct change *change, char *reason,
                 size_t size)
{
    const char *path = remembered->path;
    struct content content = {.theme = ""};
    if (!*path)
        return true;
    make_directories(path);
    int held = lock(path);
    if (held < 0)
        return refuse(path, strerror(errno), reason, size);
    bool good = read_content(path, &content, reason, size);
    if (good) {
        apply(&content, change);
        good = write_content(path, &content) || refuse(path, strerror(errno), reason, size);
    }
    close(held);
    free_content(&content);
    return good;
}

bool remembered_keep_line(struct remembered *remembered, enum remembered_kind kind,
                          const char *line, char *reason, size_t reason_size)
{
    const struct change change = {.kind = kind, .line = line};
    return !*line || !is_plain(line) || save(remembered, &change, reason, reason_size);
}

bool remembered_keep_theme(struct remembered *remembered, const char *theme, char *reason,
                           size_t reason_size)
{
    const struct change change = {.theme = theme};
    snprintf(remembered->theme, sizeof remembered->theme, "%s", theme);
    return !is_plain(theme) || strchr(theme, '/') || save(remembered, &change, reason, reason_size);
}
