/*
 * Events on standard output: see printer.h.
 */
#include "printer.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "complain.h"
#include "text.h"
#include "wake.h"

enum {
    ENOUGH = 64 << 10,    /* bytes that wait to be written before more events are looked at */
    SLICE = 1000,         /* events between two looks at signals and the clock */
    LOST_EVERY_MS = 5000, /* how often a reader who stays slow is told of it */
    RETRY_MS = 1000,      /* when a journal that could not be read is tried again */
    MAX_FAILURES = 10     /* in a row, where somebody waits for the end */
};

struct printer {
    const struct printer_config *config;
    struct line_style style;
    uint64_t next; /* event to look at */
    uint64_t lost; /* events that were overwritten first, not told yet */
    int64_t lost_told_ms;
    uint64_t lines;
    bool caught_up;
    bool ended;      /* there will be no more events */
    bool knows_past; /* hindsight has come to the end of the journal */
    bool retry;      /* reading the journal has failed */
    int failures;    /* of that, in a row */
    int status;      /* to return; -1: goes on */
    int64_t deadline_ms;
    int64_t now_ms; /* for ages, while the journal is read */
    int terminal;   /* a terminal that may go away, or -1 */

    struct store_copy copy;
    char type[EVENT_MAX_NAME + 1];
    struct filter_scratch scratch;

    char *out; /* bytes [written, length) are to be written */
    size_t written, length, capacity;
    bool closed; /* nobody reads */
};

static struct {
    int number;
    volatile sig_atomic_t seen;
} signals[] = {{SIGINT, 0}, {SIGTERM, 0}, {SIGHUP, 0}};

enum { SIGNALS = sizeof signals / sizeof *signals };

static void on_signal(int number)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signals[i].number != number)
            continue;
        /* Asked a second time to stop: it hangs in a terminal that does not read. */
        if (number != SIGHUP && signals[i].seen)
            _exit(128 + number);
        signals[i].seen = 1;
    }
    wake(NULL);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void handle_signals(struct printer *printer)
{
    const struct printer_config *config = printer->config;
    for (size_t i = 0; i < SIGNALS; i++) {
        if (!signals[i].seen)
            continue;
        if (signals[i].number != SIGHUP || !config->reload) {
            printer->status = config->wanted ? 128 + signals[i].number : EXIT_SUCCESS;
            continue;
        }
        signals[i].seen = 0;
        complain("%s", config->reload(config->context));
    }
}

static void tell_lost(struct printer *printer)
{
    char count[32];
    if (printer->lost == 0)
        return;
    text_count(count, sizeof count, (double)printer->lost);
    complain("%s event%s overwritten before %s could be printed: the reader is slow; "
             "--memory gives it more time",
             count, printer->lost == 1 ? " was" : "s were", printer->lost == 1 ? "it" : "they");
    printer->lost = 0;
    printer->lost_told_ms = clock_ms(CLOCK_MONOTONIC);
}

/* Copies the next event. False when there is none. */
static bool take_event(struct printer *printer)
{
    struct store *store = printer->config->store;
    store_lock(store);
    const struct ring *ring = store_ring(store);
    if (printer->next < ring_first(ring)) {
        printer->lost += ring_first(ring) - printer->next;
        printer->next = ring_first(ring);
    }
    bool any = printer->next < ring_end(ring);
    if (any) {
        const struct store_type *type = store_type(store, ring_type(ring, printer->next));
        snprintf(printer->type, sizeof printer->type, "%s", type->name);
    }
    store_unlock(store);
    bool copied = any && store_fetch(store, printer->next, &printer->copy);
    printer->next += any;
    printer->lost += any && !copied;
    return copied;
}

/* What is:waiting asks. The context is the store that knows. */
static bool is_waiting(const void *context, const char *session_id, const char *request_id)
{
    struct store *const *store = context;
    store_lock(*store);
    bool waits = entities_is_waiting(store_entities(*store), session_id, request_id);
    store_unlock(*store);
    return waits;
}

static bool matches(struct printer *printer, const struct line_event *line, const char *type)
{
    const struct printer_config *config = printer->config;
    struct store *known = config->hindsight ? hindsight_store(config->hindsight) : config->store;
    const struct filter_subject subject = {
        .raw = line->raw,
        .record = line->record,
        .type = type,
        .event = line->event,
        .now_ms = line->now_ms,
        .waiting = is_waiting,
        .context = &known,
    };
    return !config->filter || filter_match(config->filter, &subject, &printer->scratch);
}

static bool make_room(struct printer *printer, size_t more)
{
    if (printer->written == printer->length)
        printer->written = printer->length = 0;
    if (printer->capacity - printer->length >= more)
        return true;
    size_t capacity = printer->length + more + ENOUGH;
    char *out = realloc(printer->out, capacity);
    if (!out)
        return false;
    printer->out = out;
    printer->capacity = capacity;
    return true;
}

static void print_event(struct printer *printer, const struct line_event *line)
{
    const struct line_style *style = &printer->style;
    size_t room = line_room(style->format, line->record->length);
    printer->lines++;
    if (printer->closed)
        return;
    if (make_room(printer, room))
        printer->length += line_write(printer->out + printer->length, style, line);
    else
        printer->lost++;
}

static bool has_enough(const struct printer *printer)
{
    return printer->config->wanted && printer->lines >= printer->config->wanted;
}

static bool has_room(const struct printer *printer)
{
    return printer->length - printer->written < ENOUGH;
}

static void consider_copy(struct printer *printer, int64_t now_ms)
{
    const struct store_copy *copy = &printer->copy;
    struct line_event line = {.record = &copy->record, .raw = copy->raw, .now_ms = now_ms};
    struct event event = {.json = NULL};
    char reason[128];
    /* The last number stands for many types. */
    if (!matches(printer, &line, copy->record.type == STORE_MAX_TYPES - 1 ? NULL : printer->type))
        return;
    if (printer->config->style.format == LINE_TEXT && !printer->closed) {
        if (!event_decode(&event, copy->raw, copy->record.length, reason, sizeof reason)) {
            printer->lost++; /* for want of memory: it was decoded when it came */
            return;
        }
        line.event = &event;
    }
    print_event(printer, &line);
    event_free(&event);
}

/* Both turn events into lines until no more have come, or enough of them wait to be written. */
static void gather_from_store(struct printer *printer)
{
    int64_t now_ms = clock_ms(CLOCK_REALTIME);
    printer->caught_up = false;
    for (int i = 0; i < SLICE && has_room(printer); i++) {
        if (has_enough(printer) || !take_event(printer)) {
            printer->caught_up = true;
            break;
        }
        consider_copy(printer, now_ms);
    }
    if (printer->caught_up || clock_ms(CLOCK_MONOTONIC) - printer->lost_told_ms > LOST_EVERY_MS)
        tell_lost(printer);
}

static bool consider_followed(void *context, const struct recalled *followed)
{
    struct printer *printer = context;
    const struct line_event line = {.record = &followed->record,
                                    .raw = followed->raw,
                                    .event = followed->event,
                                    .now_ms = printer->now_ms};
    if (printer->config->hindsight)
        hindsight_add(printer->config->hindsight, followed);
    if (matches(printer, &line, followed->event->type))
        print_event(printer, &line);
    return has_room(printer) && !has_enough(printer);
}

/* Takes note of how reading the journal has gone. */
static void note_state(struct printer *printer, enum follower_state state, const char *trouble)
{
    if (trouble[0])
        complain("%s", trouble);
    printer->caught_up = state != FOLLOWER_MORE;
    printer->retry = state == FOLLOWER_LATER;
    printer->failures = printer->retry ? printer->failures + 1 : 0;
    if (printer->config->ends && printer->failures == MAX_FAILURES) {
        complain("the journal cannot be read to its end; try again later");
        printer->status = EXIT_FAILURE;
    }
}

/* Reads what became of events that are judged later. False when not enough is known yet. */
static bool look_ahead(struct printer *printer)
{
    char trouble[HISTORY_TEXT_SIZE];
    if (!printer->config->hindsight)
        return true;
    enum follower_state state = hindsight_read(printer->config->hindsight, trouble);
    note_state(printer, state, trouble);
    printer->knows_past |= state == FOLLOWER_UP_TO_DATE;
    return printer->knows_past && state != FOLLOWER_LATER;
}

/* Whether it is time to look at the journal. */
static bool is_due(struct printer *printer)
{
    const struct printer_config *config = printer->config;
    if (!config->watch || !printer->caught_up)
        return true;
    if (!history_watch_due(config->watch, clock_ms(CLOCK_MONOTONIC)) && !printer->retry)
        return false;
    if (config->looking)
        config->looking(config->context);
    return true;
}

static void gather_from_journal(struct printer *printer)
{
    const struct printer_config *config = printer->config;
    char trouble[HISTORY_TEXT_SIZE];
    if (has_enough(printer)) {
        printer->caught_up = true;
        return;
    }
    if (!has_room(printer) || !is_due(printer) || !look_ahead(printer))
        return;
    printer->now_ms = clock_ms(CLOCK_REALTIME);
    enum follower_state state =
        follower_read(config->follower, consider_followed, printer, trouble);
    note_state(printer, state, trouble);
    printer->ended = state == FOLLOWER_AT_END;
    if (config->watch && state == FOLLOWER_MORE)
        history_watch_found(config->watch, clock_ms(CLOCK_MONOTONIC));
}

static void close_output(struct printer *printer)
{
    printer->closed = true;
    printer->written = printer->length = 0;
    if (!printer->config->wanted)
        printer->status = EXIT_SUCCESS;
}

/* After poll() has said that it can be written: so much never blocks in a pipe. */
static void write_some(struct printer *printer)
{
    size_t count = printer->length - printer->written;
    ssize_t written =
        write(STDOUT_FILENO, printer->out + printer->written, count < PIPE_BUF ? count : PIPE_BUF);
    if (written >= 0) {
        printer->written += (size_t)written;
    } else if (errno == EPIPE) {
        close_output(printer);
    } else if (errno != EINTR && errno != EAGAIN) {
        complain("cannot write to standard output: %s", strerror(errno));
        printer->status = EXIT_FAILURE;
    }
}

/* The sooner of two times to wait, of which -1 stands for ever. */
static int sooner(int a, int64_t b)
{
    int limited = b > INT_MAX ? INT_MAX : (int)b;
    return a < 0 || (b >= 0 && limited < a) ? limited : a;
}

/* Whether the next event has to be written to the journal first. Before, nothing is to be learnt
 * from the journal's changes. */
static bool awaits_change(const struct printer *printer)
{
    return printer->config->watch && printer->caught_up && has_room(printer) &&
           !has_enough(printer) && !printer->ended;
}

static int time_left(const struct printer *printer)
{
    const struct printer_config *config = printer->config;
    int64_t now_ms = clock_ms(CLOCK_MONOTONIC);
    int left = -1;
    if (!printer->caught_up && has_room(printer) && !printer->ended)
        return 0;
    if (has_enough(printer) || printer->ended)
        return -1;
    if (printer->retry)
        left = RETRY_MS;
    else if (awaits_change(printer))
        left = history_watch_timeout(config->watch, now_ms);
    if (config->timeout_ms == 0)
        return left;
    return sooner(left, printer->deadline_ms > now_ms ? printer->deadline_ms - now_ms : 0);
}

static void wait_for_work(struct printer *printer)
{
    static const short gone = POLLERR | POLLHUP | POLLNVAL;
    struct history_watch *watch = printer->config->watch;
    bool pending = printer->written < printer->length;
    struct pollfd polled[] = {
        {.fd = wake_descriptor(), .events = POLLIN},
        {.fd = printer->closed ? -1 : STDOUT_FILENO, .events = pending ? POLLOUT : 0},
        {.fd = printer->terminal},
        {.fd = awaits_change(printer) ? history_watch_descriptor(watch) : -1, .events = POLLIN},
    };
    if (poll(polled, sizeof polled / sizeof *polled, time_left(printer)) <= 0)
        return;
    if (polled[0].revents)
        wake_clear();
    if (polled[2].revents & gone)
        printer->status = 128 + SIGHUP;
    else if (polled[1].revents & gone)
        close_output(printer);
    else if (polled[1].revents & POLLOUT)
        write_some(printer);
}

/* Why the last delivery that was refused was; "" when none was. */
static void explain_refusal(struct store *store, char refused[STORE_REASON_SIZE])
{
    refused[0] = '\0';
    if (!store)
        return;
    store_lock(store);
    uint64_t first = store_delivery_first(store);
    for (uint64_t n = store_delivery_end(store); n-- > first && !refused[0];) {
        const struct delivery *delivery = store_delivery(store, n);
        if (delivery->result == DELIVERY_REFUSED)
            snprintf(refused, STORE_REASON_SIZE, "%s", delivery->reason);
    }
    store_unlock(store);
}

/* What came instead of the events that were waited for. */
static void explain_giving_up(struct printer *printer)
{
    const struct printer_config *config = printer->config;
    char took[32], came[80] = "no matching event came", refused[STORE_REASON_SIZE];
    text_duration(took, sizeof took, config->timeout_ms);
    explain_refusal(config->store, refused);
    if (printer->lines > 0)
        snprintf(came, sizeof came, "%" PRIu64 " of %" PRIu64 " matching events came",
                 printer->lines, config->wanted);
    complain("gave up after %s: %s%s%s", took, came,
             refused[0] ? "; deliveries were refused, the last because: " : "", refused);
}

/* Asked again for each turn: a window may have become another size. */
static void fit_terminal(struct printer *printer)
{
    struct winsize size;
    printer->style.columns = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        printer->style.columns = size.ws_col;
}

static int run(struct printer *printer)
{
    const struct printer_config *config = printer->config;
    while (printer->status < 0) {
        handle_signals(printer);
        fit_terminal(printer);
        if (config->follower)
            gather_from_journal(printer);
        else
            gather_from_store(printer);
        if ((has_enough(printer) || printer->ended) && printer->written == printer->length)
            return EXIT_SUCCESS;
        if (config->timeout_ms && !has_enough(printer) &&
            clock_ms(CLOCK_MONOTONIC) >= printer->deadline_ms) {
            explain_giving_up(printer);
            return EXIT_GAVE_UP;
        }
        if (printer->status < 0)
            wait_for_work(printer);
    }
    return printer->status;
}

int printer_run(const struct printer_config *config)
{
    /* So that whoever waits for ever in so many words does. */
    int64_t timeout_ms = config->timeout_ms < INT64_MAX / 2 ? config->timeout_ms : INT64_MAX / 2;
    struct printer printer = {
        .config = config,
        .style = config->style,
        .next = 1,
        .status = -1,
        .deadline_ms = clock_ms(CLOCK_MONOTONIC) + timeout_ms,
        .terminal = -1,
    };
    for (int fd = STDERR_FILENO; fd >= STDIN_FILENO; fd--)
        if (isatty(fd))
            printer.terminal = fd;
    catch_signals();
    if (config->ready)
        config->ready(config->context);
    int status = run(&printer);
    tell_lost(&printer);
    store_copy_free(&printer.copy);
    filter_scratch_free(&printer.scratch);
    free(printer.out);
    return status;
}
