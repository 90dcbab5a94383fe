/*
 * Alerts at work.
 */
#include "alert.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alert_variables.h"
#include "matcher.h"
#include "process.h"
#include "text.h"

enum { TAIL_SIZE = 200 };

/* A command that runs; pid is 0 where none does. */
struct run {
    pid_t pid;
    const struct alert_rule *rule;
    int64_t started_ms;
    bool killed;
    int errors;           /* its standard error, to be read */
    char tail[TAIL_SIZE]; /* the end of what it has written there */
    size_t tail_length;
};

struct alerts {
    const struct alert_rules *rules;
    struct store *store;
    struct {
        struct matcher matcher;
        int64_t last_ms;
        bool fired;
        uint64_t suppressed; /* since it fired */
    } states[ALERT_MAX_RULES];
    struct run runs[ALERT_MAX_RUNNING];
    char failure[ALERT_FAILURE_SIZE]; /* of starting a command, not told yet; or "" */
};

struct alerts *alerts_new(const struct alert_rules *rules, struct store *store)
{
    struct alerts *alerts = calloc(1, sizeof *alerts);
    if (!alerts)
        return NULL;
    alerts->rules = rules;
    alerts->store = store;
    for (size_t i = 0; i < rules->count; i++)
        matcher_set(&alerts->states[i].matcher, rules->rules[i].filter);
    return alerts;
}

void alerts_free(struct alerts *alerts)
{
    for (size_t i = 0; alerts && i < ALERT_MAX_RUNNING; i++)
        if (alerts->runs[i].pid)
            close(alerts->runs[i].errors);
    for (size_t i = 0; alerts && i < alerts->rules->count; i++)
        matcher_free(&alerts->states[i].matcher);
    free(alerts);
}

size_t alerts_running(const struct alerts *alerts)
{
    size_t count = 0;
    for (size_t i = 0; i < ALERT_MAX_RUNNING; i++)
        count += alerts->runs[i].pid != 0;
    return count;
}

static bool is_old(const struct ring_record *record, int64_t real_ms)
{
    return real_ms - record->created_ms > ALERT_MAX_AGE_MS;
}

bool alerts_glance(struct alerts *alerts, uint64_t seq, int64_t real_ms)
{
    bool may = false;

    if (is_old(ring_at(store_ring(alerts->store), seq), real_ms))
        return false;
    for (size_t i = 0; i < alerts->rules->count && !may; i++) {
        struct matcher *matcher = &alerts->states[i].matcher;
        matcher_prepare(matcher, alerts->store, real_ms);
        may = matcher_glance(matcher, alerts->store, seq) != FILTER_NEVER;
    }
    return may;
}

/* A rule's filter knows the types that there are when it is asked about one of them. */
static void prepare(struct alerts *alerts, int64_t real_ms)
{
    store_lock(alerts->store);
    for (size_t i = 0; i < alerts->rules->count; i++)
        matcher_prepare(&alerts->states[i].matcher, alerts->store, real_ms);
    store_unlock(alerts->store);
}

uint64_t alerts_consider(struct alerts *alerts, const struct store_copy *copy, int64_t real_ms,
                         int64_t now_ms)
{
    uint64_t set = 0;

    if (is_old(&copy->record, real_ms))
        return 0;
    prepare(alerts, real_ms);
    for (size_t i = 0; i < alerts->rules->count; i++) {
        const struct alert_rule *rule = &alerts->rules->rules[i];
        struct matcher *matcher = &alerts->states[i].matcher;
        if (!matcher_match(matcher, alerts->store, &copy->record, copy->raw))
            continue;
        if (alerts->states[i].fired && now_ms - alerts->states[i].last_ms < rule->every_ms) {
            alerts->states[i].suppressed++;
            continue;
        }
        alerts->states[i].fired = true;
        alerts->states[i].last_ms = now_ms;
        set |= UINT64_C(1) << i;
    }
    return set;
}

/* Only the last failure of a frame is kept: the screen has room for one. */
static void note_failure(struct alerts *alerts, const struct alert_rule *rule, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

static void note_failure(struct alerts *alerts, const struct alert_rule *rule, const char *format,
                         ...)
{
    int used = snprintf(alerts->failure, sizeof alerts->failure, "alert %s: %.80s: ", rule->name,
                        rule->arguments[0]);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(alerts->failure + used, sizeof alerts->failure - (size_t)used, format, arguments);
    va_end(arguments);
}

/* An unlinked file that holds the envelope: a command that reads slowly, or not at all, keeps
 * nobody waiting. NULL with errno. */
static FILE *write_input(const char *raw, size_t length)
{
    FILE *file = tmpfile();
    if (!file)
        return NULL;
    if (fwrite(raw, 1, length, file) == length && fflush(file) == 0 &&
        fseek(file, 0, SEEK_SET) == 0)
        return file;
    int error = errno;
    fclose(file);
    errno = error;
    return NULL;
}

/* Starts a rule's command; 0 or an errno. */
static int start(struct run *run, const struct alert_rule *rule, char **environment, FILE *input)
{
    int errors[2];

    if (pipe(errors) != 0)
        return errno;
    fcntl(errors[0], F_SETFD, FD_CLOEXEC);
    fcntl(errors[0], F_SETFL, O_NONBLOCK);
    const struct process_setup setup = {.path = rule->path,
                                        .arguments = rule->arguments,
                                        .environment = environment,
                                        .input = fileno(input),
                                        .errors = errors[1]};
    int error = process_start(&setup, &run->pid);
    close(errors[1]);
    run->errors = errors[0];
    if (error) {
        close(errors[0]);
        run->pid = 0;
    }
    return error;
}

static void run_command(struct alerts *alerts, const struct alert_rule *rule, uint64_t suppressed,
                        const struct field_source *source, FILE *input, int64_t now_ms)
{
    struct run *run = alerts->runs;

    while (run < alerts->runs + ALERT_MAX_RUNNING && run->pid)
        run++;
    if (run == alerts->runs + ALERT_MAX_RUNNING) {
        note_failure(alerts, rule, "not started, for %d commands run already", ALERT_MAX_RUNNING);
        return;
    }
    *run = (struct run){.rule = rule, .started_ms = now_ms};
    char **environment = alert_environment(rule->name, suppressed, source);
    int error = ENOMEM;
    if (environment)
        error = start(run, rule, environment, input);
    if (error)
        note_failure(alerts, rule, "cannot be started: %s", strerror(error));
    alert_environment_free(environment);
}

/* Starts one rule's command on a copy of the envelope of its own: descriptors that share a file
 * share its position. */
static void fire_command(struct alerts *alerts, size_t number, const struct field_source *source,
                         const char *raw, size_t length, int64_t now_ms)
{
    const struct alert_rule *rule = &alerts->rules->rules[number];
    FILE *input = write_input(raw, length);

    if (!input) {
        note_failure(alerts, rule, "no temporary file for the event: %s", strerror(errno));
        return;
    }
    run_command(alerts, rule, alerts->states[number].suppressed, source, input, now_ms);
    fclose(input);
}

/* "task.failed · no button (and 3 more before)" */
static void describe(const struct field_source *source, uint64_t suppressed, char *body,
                     size_t size)
{
    char text[ALERT_BODY_SIZE], summary[ALERT_BODY_SIZE / 2], more[64] = "";

    field_summary(source, summary, sizeof summary);
    if (suppressed)
        snprintf(more, sizeof more, " (and %" PRIu64 " more before)", suppressed);
    snprintf(text, sizeof text, "%.100s%s%s%s", source->event->type, summary[0] ? " · " : "",
             summary, more);
    text_clean(body, size, text, strlen(text), 0);
}

void alerts_fire(struct alerts *alerts, uint64_t set, const struct field_source *source,
                 const char *raw, size_t length, int64_t now_ms, struct alert_notice *notice)
{
    uint64_t suppressed = 0;

    *notice = (struct alert_notice){0};
    for (size_t i = 0; i < alerts->rules->count; i++) {
        const struct alert_rule *rule = &alerts->rules->rules[i];
        if (!(set >> i & 1))
            continue;
        notice->actions |= (rule->bell ? ALERT_BELL : 0U) | (rule->flash ? ALERT_FLASH : 0U) |
                           (rule->desktop ? ALERT_DESKTOP : 0U);
        if (rule->desktop) {
            size_t used = strlen(notice->title);
            snprintf(notice->title + used, sizeof notice->title - used, "%s%s", used ? ", " : "",
                     rule->name);
            suppressed += alerts->states[i].suppressed;
        }
        if (rule->command)
            fire_command(alerts, i, source, raw, length, now_ms);
        alerts->states[i].suppressed = 0;
    }
    if (notice->actions & ALERT_DESKTOP)
        describe(source, suppressed, notice->body, sizeof notice->body);
}

/* Keeps the end of what a command writes to its standard error, and the pipe from filling up. */
static void read_errors(struct run *run)
{
    char bytes[4096];
    ssize_t length;

    /* No more than a pipe holds: a command may write faster than this reads. */
    for (int i = 0; i < 16; i++) {
        length = read(run->errors, bytes, sizeof bytes);
        if (length <= 0)
            break;
        size_t count = (size_t)length, room = sizeof run->tail - 1;
        size_t fresh = count < room ? count : room;
        size_t kept = run->tail_length < room - fresh ? run->tail_length : room - fresh;
        memmove(run->tail, run->tail + run->tail_length - kept, kept);
        memcpy(run->tail + kept, bytes + count - fresh, fresh);
        run->tail_length = kept + fresh;
    }
    run->tail[run->tail_length] = '\0';
}

/* The last line that is not empty. */
static const char *last_line(struct run *run)
{
    while (run->tail_length && strchr("\r\n ", run->tail[run->tail_length - 1]))
        run->tail_length--;
    run->tail[run->tail_length] = '\0';
    const char *end = strrchr(run->tail, '\n');
    return end ? end + 1 : run->tail;
}

/* Says how a command has ended that did not end well. */
static void explain(struct alerts *alerts, struct run *run, int status)
{
    const char *said = last_line(run), *colon = *said ? ": " : "";

    if (run->killed)
        note_failure(alerts, run->rule, "ended after %d seconds%s%s", ALERT_KILL_MS / 1000, colon,
                     said);
    else if (WIFSIGNALED(status))
        note_failure(alerts, run->rule, "%s%s%s", strsignal(WTERMSIG(status)), colon, said);
    else if (WEXITSTATUS(status))
        note_failure(alerts, run->rule, "exit status %d%s%s", WEXITSTATUS(status), colon, said);
}

/* Looks after one command. */
static void attend(struct alerts *alerts, struct run *run, int64_t now_ms)
{
    int status = 0;
    pid_t ended = waitpid(run->pid, &status, WNOHANG);

    read_errors(run);
    if (ended == 0 && !run->killed && now_ms - run->started_ms >= ALERT_KILL_MS) {
        run->killed = true;
        kill(-run->pid, SIGKILL); /* with all that it has started */
    }
    if (ended == 0)
        return;
    if (ended > 0)
        explain(alerts, run, status);
    close(run->errors);
    run->pid = 0;
}

bool alerts_reap(struct alerts *alerts, int64_t now_ms, char *failure, size_t size)
{
    for (size_t i = 0; i < ALERT_MAX_RUNNING && !alerts->failure[0]; i++)
        if (alerts->runs[i].pid)
            attend(alerts, &alerts->runs[i], now_ms);
    if (!alerts->failure[0])
        return false;
    snprintf(failure, size, "%s", alerts->failure);
    alerts->failure[0] = '\0';
    return true;
}
