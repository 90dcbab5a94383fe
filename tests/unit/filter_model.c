/*
 * The filter against a second reading of the README, over random expressions and events.
 *
 * PAIRS says how many pairs of them are tried, SEED where they begin; both are printed when one
 * fails, so that `SEED=n PAIRS=1` tries it again.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"
#include "filter_model_random.h"

enum { EVENTS = 8, MAX_REPORTS = 40 };
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || !defined __OPTIMIZE__
enum { PAIRS = 30000 };
#else
enum { PAIRS = 100000 };
#endif

static const char *const zones[] = {
    "UTC0",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT,M3.2.0,M11.1.0",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", /* half an hour of summer time */
    "CST5CDT,M3.2.0/0,M11.1.0/1",           /* set forward at midnight */
    "<+0545>-5:45",
};

struct delivered {
    char raw[32768];
    struct event event;
    struct ring_record record;
    struct model_event model;
};

static bool waits(const void *context, const char *session, const char *request)
{
    (void)session;
    (void)request;
    return *(const bool *)context;
}

static void deliver(struct delivered *delivered)
{
    char reason[256];
    struct model_event *model = &delivered->model;
    random_event(delivered->raw, sizeof delivered->raw);
    size_t length = strlen(delivered->raw);
    bool good = event_decode(&delivered->event, delivered->raw, length, reason, sizeof reason);
    cr_assert(good, "%s: %s", reason, delivered->raw);
    model->raw = delivered->raw;
    model->received_ms = random_moment();
    model->now_ms =
        random_below(3) == 0 ? random_moment() : model->received_ms + random_below(400000);
    model->duplicates = random_below(4) == 0 ? random_below(20) : 0;
    model->verified = random_below(2) == 0;
    model->waiting = random_below(2) == 0;
    const struct event *event = &delivered->event;
    delivered->record = (struct ring_record){
        .created_ms = event->created_ms != 0 ? event->created_ms : model->received_ms,
        .received_ms = model->received_ms,
        .length = (uint32_t)length,
        .duplicates = model->duplicates,
        .entity = (uint8_t)event->entity,
        .outcome = (uint8_t)event->outcome,
        .verified = model->verified,
    };
}

/* The answer, asked for in every way there is; -1 when they differ. */
static int ask(const struct filter *filter, const struct delivered *delivered,
               struct filter_scratch *scratch)
{
    struct filter_subject subject = {
        .raw = delivered->raw,
        .record = &delivered->record,
        .now_ms = delivered->model.now_ms,
        .waiting = waits,
        .context = &delivered->model.waiting,
    };
    const struct event *event = &delivered->event;
    bool wanted = filter_match(filter, &subject, scratch);
    enum filter_verdict glance = filter_glance(filter, &subject, scratch);
    subject.type = event->type;
    subject.event = event;
    struct filter_type type = {event->type, event->entity, event->outcome};
    enum filter_verdict verdict = filter_verdict(filter, &type);
    enum filter_verdict other = wanted ? FILTER_NEVER : FILTER_ALWAYS;
    bool agrees =
        filter_match(filter, &subject, scratch) == wanted && glance != other && verdict != other;
    return agrees ? wanted : -1;
}

static const char *zone(uint64_t seed)
{
    return zones[seed / 500 % (sizeof zones / sizeof *zones)];
}

struct tally {
    unsigned pairs, wanted, refused, wrong;
};

static void report(struct tally *tally, uint64_t seed, const char *expression,
                   const struct delivered *delivered, const char *program, const char *model)
{
    if (tally->wrong++ < MAX_REPORTS) {
        const struct model_event *event = &delivered->model;
        cr_expect(false,
                  "SEED=%llu PAIRS=1 TZ=%s\n  expression: %s\n  event: %s\n"
                  "  received %lld, now %lld, verified %d, duplicates %u, waiting %d\n"
                  "  anchortop: %s\n  model: %s\n",
                  (unsigned long long)seed, zone(seed), expression,
                  delivered ? delivered->raw : "any", delivered ? (long long)event->received_ms : 0,
                  delivered ? (long long)event->now_ms : 0, delivered && event->verified,
                  delivered ? event->duplicates : 0, delivered && event->waiting, program, model);
    }
}

static void compare(uint64_t seed, struct tally *tally, struct filter_scratch *scratch)
{
    static const char *const answers[] = {"differs by the way it is asked", "no", "yes"};
    static struct delivered events[EVENTS];
    char expression[1024];
    model_forget(0);
    random_begin(seed);
    random_expression(expression, sizeof expression);
    struct filter_error error = {0};
    struct filter *filter = filter_parse(expression, &error);
    const struct model_term *model = model_parse(expression);
    if (filter == NULL || model == NULL) {
        tally->refused++;
        tally->pairs++;
        if ((filter == NULL) != (model == NULL)) {
            report(tally, seed, expression, NULL, filter ? "accepts it" : error.message,
                   model ? "accepts it" : "refuses it");
        }
        filter_free(filter);
        return;
    }
    size_t mark = model_mark();
    for (size_t i = 0; i < EVENTS; i++, tally->pairs++) {
        deliver(&events[i]);
        int answer = ask(filter, &events[i], scratch);
        bool wanted = model_match(model, &events[i].model);
        model_forget(mark);
        tally->wanted += wanted;
        if (answer != wanted)
            report(tally, seed, expression, &events[i], answers[answer + 1], answers[wanted + 1]);
        event_free(&events[i].event);
    }
    filter_free(filter);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

Test(filter_model, the_program_answers_as_the_readme_says)
{
    uint64_t seed = number_from("SEED", 1), pairs = number_from("PAIRS", PAIRS);
    struct tally tally = {0};
    struct filter_scratch scratch = {0};
    for (; tally.pairs < pairs; seed++) {
        setenv("TZ", zone(seed), 1);
        tzset();
        compare(seed, &tally, &scratch);
    }
    filter_scratch_free(&scratch);
    cr_assert_eq(tally.wrong, 0, "%u of %u pairs differ (%u wanted, %u refused)", tally.wrong,
                 tally.pairs, tally.wanted, tally.refused);
    /* It would prove little if hardly any event were wanted, or hardly any expression refused. */
    if (pairs >= PAIRS)
        cr_assert(tally.wanted > tally.pairs / 6 && tally.refused > tally.pairs / 50,
                  "%u of %u wanted, %u refused", tally.wanted, tally.pairs, tally.refused);
}

static void repeat(char *text, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strcat(text, piece);
}

Test(filter_model, both_know_the_same_limits)
{
    static const struct {
        const char *before, *middle, *after;
        size_t count;
        bool good;
    } rows[] = {
        {"(", "x", ")", 64, true},      {"(", "x", ")", 65, false},
        {"-", "x", "", 64, true},       {"-", "x", "", 65, false},
        {"not ", "x", "", 64, true},    {"not (", "x", ")", 32, true},
        {"not (", "x", ")", 33, false}, {"xxxx", "", "", 1024, true},
        {"xxxx", "x", "", 1024, false}, {"\"\\u0020\" ", "x", "", 455, true},
        {"1,", "", "", 1, true},        {"a ", "", "", 2048, true},
        {"    ", "", "", 1024, true},   {"    ", " ", "", 1024, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[8192] = "";
        repeat(text, rows[i].before, rows[i].count);
        strcat(text, rows[i].middle);
        repeat(text, rows[i].after, rows[i].count);
        struct filter_error error;
        struct filter *filter = filter_parse(text, &error);
        model_forget(0);
        cr_expect_eq(filter != NULL, rows[i].good, "%zu of %s", rows[i].count, rows[i].before);
        cr_expect_eq(model_parse(text) != NULL, rows[i].good, "the model: %zu of %s", rows[i].count,
                     rows[i].before);
        filter_free(filter);
    }
}
