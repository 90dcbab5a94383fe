/*
 * The harness's process: starting a program in a home of its own, keys in, bytes out, and waiting.
 */
#include "harness_private.h"
#include "listening_port.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <pty.h>
#include <sys/prctl.h>
#else
#include <util.h>
#endif

/* How long a wait may take: only a broken program, never a slow machine, should come near it. */
enum { LIMIT_S = 30 };
/* How often something is looked at that no descriptor tells of: a child's end, a file. */
enum { CHILD_POLL_MS = 20, CONDITION_POLL_MS = 100 };
/* Bytes that are taken at a time; and between two looks at the screen, which are few. */
enum { READ_SIZE = 16384, PIECE_SIZE = 64 };

static struct program *programs;

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void set_home(const char *home)
{
    static const char *const names[] = {"HOME",           "TMPDIR",         "XDG_CONFIG_HOME",
                                        "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
                                        "XDG_RUNTIME_DIR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        setenv(names[i], home, 1);
}

/* In the child: everything that the test did not ask for is gone. */
static void set_environment(const struct program_setup *setup, const char *home)
{
    static const char *const kept[] = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
                                       "LLVM_PROFILE_FILE"};
    enum { KEPT = sizeof kept / sizeof *kept };
    char *values[KEPT];
    for (size_t i = 0; i < KEPT; i++) {
        const char *value = getenv(kept[i]);
        values[i] = value ? strdup(value) : NULL;
    }
    clearenv();
    for (size_t i = 0; i < KEPT; i++)
        if (values[i])
            setenv(kept[i], values[i], 1);
    set_home(home);
    setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
    setenv("LANG", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    if (setup->secret)
        setenv("ANCHOR_WEBHOOK_SECRET", setup->secret, 1);
    for (const char *const *entry = setup->environment; entry && *entry; entry++)
        putenv(strdup(*entry));
}

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    _exit(127);
}

/* In the child: does not return. */
static void run(const struct program_setup *setup, const char *path, const char *home)
{
    enum { MAX_ARGUMENTS = 64 };
    char *arguments[MAX_ARGUMENTS] = {strdup(path)};
    for (size_t i = 0; setup->arguments && setup->arguments[i] && i < MAX_ARGUMENTS - 2; i++)
        arguments[i + 1] = strdup(setup->arguments[i]);
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (chdir(home) < 0)
        die(home);
    if (setup->keep_stderr) {
        int file = open("stderr", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
        if (file < 0 || dup2(file, STDERR_FILENO) < 0)
            die("stderr");
        close(file);
    }
    signal(SIGPIPE, SIG_DFL);
    set_environment(setup, home);
    execvp(path, arguments);
    die(path);
}

static pid_t fork_on_pipe(int *descriptor)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0, "pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        int nothing = open("/dev/null", O_RDONLY);
        if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(ends[1], STDOUT_FILENO) < 0)
            die("/dev/null");
        close(nothing);
        close(ends[0]);
        close(ends[1]);
    } else {
        close(ends[1]);
        *descriptor = ends[0];
    }
    return pid;
}

struct program *program_start(const struct program_setup *setup)
{
    struct program *program = calloc(1, sizeof *program);
    cr_assert_not_null(program, "out of memory");
    const char *path = setup->path ? setup->path : getenv("ANCHORTOP");
    cr_assert_not_null(path, "ANCHORTOP must hold the path of the program; `meson test` sets it");
    struct winsize size = {.ws_row = (unsigned short)(setup->rows ? setup->rows : 24),
                           .ws_col = (unsigned short)(setup->columns ? setup->columns : 80)};
    const char *temporary = getenv("TMPDIR");
    snprintf(program->home, sizeof program->home, "%s/anchortop-test-XXXXXX",
             temporary ? temporary : "/tmp");
    cr_assert_not_null(mkdtemp(program->home), "%s: %s", program->home, strerror(errno));
    if (setup->file)
        program_write_file(program, setup->file, setup->content);
    /* Before the child can: it may be asked for at once. */
    if (setup->keep_stderr)
        program_write_file(program, "stderr", "");
    screen_open(&program->screen, size.ws_row, size.ws_col);
    program->is_terminal = !setup->no_terminal;
    program->pid = program->is_terminal ? forkpty(&program->terminal, NULL, NULL, &size)
                                        : fork_on_pipe(&program->terminal);
    if (program->pid == 0)
        run(setup, path, program->home);
    cr_assert(program->pid > 0, "fork: %s", strerror(errno));
    fcntl(program->terminal, F_SETFD, FD_CLOEXEC);
    if (program->is_terminal)
        screen_answer_to(&program->screen, &program->terminal);
    program->next = programs;
    programs = program;
    return program;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

void program_stop(struct program *program)
{
    for (struct program **link = &programs; *link; link = &(*link)->next) {
        if (*link != program)
            continue;
        *link = program->next;
        break;
    }
    if (!program->ended) {
        kill(-program->pid, SIGKILL); /* with what it has started, such as a browser */
        kill(program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    if (program->terminal >= 0)
        close(program->terminal);
    nftw(program->home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    screen_close(&program->screen);
    free(program->output);
    free(program->stderr_text);
    free(program);
}

void programs_stop(void)
{
    while (programs)
        program_stop(programs);
}

const char *program_home(const struct program *program)
{
    return program->home;
}

pid_t program_pid(const struct program *program)
{
    return program->pid;
}

const char *program_write_file(struct program *program, const char *name, const char *content)
{
    snprintf(program->file, sizeof program->file, "%s/%s", program->home, name);
    FILE *file = fopen(program->file, "w");
    cr_assert(file && fputs(content, file) >= 0 && fchmod(fileno(file), 0700) == 0 &&
                  fclose(file) == 0,
              "%s: %s", program->file, strerror(errno));
    return program->file;
}

static void record(struct program *program, const char *bytes, size_t length)
{
    if (program->length + length + 1 > program->capacity) {
        program->capacity = (program->length + length) * 2 + 4096;
        program->output = harness_alloc(program->output, program->capacity);
    }
    memcpy(program->output + program->length, bytes, length);
    program->length += length;
    program->output[program->length] = '\0';
    screen_feed(&program->screen, bytes, length);
}

/* Whether there is something to read, waiting at most so long for it. */
static bool readable(const struct program *program, int timeout_ms)
{
    struct pollfd ready = {.fd = program->terminal, .events = POLLIN};
    return program->terminal >= 0 && poll(&ready, 1, timeout_ms) > 0;
}

/* Reads at most so many bytes of what is there. False when nothing is. */
static bool read_some(struct program *program, size_t most)
{
    char bytes[READ_SIZE];
    if (!readable(program, 0))
        return false;
    ssize_t length = read(program->terminal, bytes, most);
    if (length > 0) {
        record(program, bytes, (size_t)length);
        return true;
    }
    /* The other end has been closed: EIO from a terminal, 0 from a pipe. */
    close(program->terminal);
    program->terminal = -1;
    return false;
}

/* Reads what is there. False when nothing was. */
static bool pump(struct program *program)
{
    bool any = false;
    while (read_some(program, READ_SIZE))
        any = true;
    return any;
}

void program_pump(struct program *program)
{
    pump(program);
}

bool program_running(struct program *program)
{
    if (!program->ended && waitpid(program->pid, &program->status, WNOHANG) == program->pid)
        program->ended = true;
    return !program->ended;
}

void program_wait_at(struct program *program, const char *what, program_ready *ready, void *context,
                     const char *file, int line)
{
    double end = now_s() + LIMIT_S;
    for (;;) {
        bool any = program->is_terminal ? read_some(program, PIECE_SIZE) : pump(program);
        if (ready(program, context))
            return;
        bool gone = program->terminal < 0;
        if (gone || now_s() > end) {
            pump(program);
            cr_assert_fail("%s:%d: %s while waiting for %s; the screen:\n%s", file, line,
                           gone ? "the program ended" : "gave up", what, program_dump(program));
        }
        if (!any)
            readable(program, CONDITION_POLL_MS);
    }
}

struct expected {
    const char *text;
    int row;
    bool absent;
};

static bool text_ready(struct program *program, void *context)
{
    const struct expected *expected = context;
    if (expected->row >= 0)
        return strstr(program_row(program, expected->row), expected->text) != NULL;
    return program_find(program, expected->text, NULL, NULL) != expected->absent;
}

static void wait_expected(struct program *program, struct expected expected, const char *file,
                          int line)
{
    char what[256];
    snprintf(what, sizeof what, expected.absent ? "\"%s\" to go" : "\"%s\"", expected.text);
    program_wait_at(program, what, text_ready, &expected, file, line);
}

void program_wait_text_at(struct program *program, const char *text, const char *file, int line)
{
    wait_expected(program, (struct expected){.text = text, .row = -1}, file, line);
}

void program_wait_gone_at(struct program *program, const char *text, const char *file, int line)
{
    wait_expected(program, (struct expected){.text = text, .row = -1, .absent = true}, file, line);
}

void program_wait_row_at(struct program *program, int row, const char *text, const char *file,
                         int line)
{
    wait_expected(program, (struct expected){.text = text, .row = row}, file, line);
}

int program_wait_exit_at(struct program *program, const char *file, int line)
{
    double end = now_s() + LIMIT_S;
    while (program_running(program)) {
        if (now_s() > end)
            cr_assert_fail("%s:%d: the program did not end; the screen:\n%s", file, line,
                           program_dump(program));
        if (program->terminal < 0)
            poll(NULL, 0, CHILD_POLL_MS);
        else if (!pump(program))
            readable(program, CHILD_POLL_MS);
    }
    pump(program);
    return WIFSIGNALED(program->status) ? 128 + WTERMSIG(program->status)
                                        : WEXITSTATUS(program->status);
}

static bool port_ready(struct program *program, void *context)
{
    int *port = context;
    *port = listening_port(program->pid);
    return *port > 0 && strstr(program_row(program, 0), "anchortop");
}

int program_port_at(struct program *program, const char *file, int line)
{
    int port = 0;
    program_wait_at(program, "the program to listen and to draw", port_ready, &port, file, line);
    return port;
}

const char *program_output(const struct program *program, size_t *length)
{
    if (length)
        *length = program->length;
    return program->output ? program->output : "";
}

const char *program_stderr(struct program *program)
{
    char path[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/stderr", program->home);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "program_stderr() wants keep_stderr");
    size_t size = 0;
    free(program->stderr_text);
    program->stderr_text = NULL;
    FILE *copy = open_memstream(&program->stderr_text, &size);
    cr_assert_not_null(copy, "out of memory");
    for (int c = getc(file); c != EOF; c = getc(file))
        putc(c, copy);
    fclose(file);
    fclose(copy);
    return program->stderr_text;
}
