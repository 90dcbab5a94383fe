/*
 * What README says of entities, held against the program: random histories, whose figures a model
 * works out by sorting and looking, and the program by folding, in the order of arrival, in any
 * other, in the store with events that come again, and as a past that is read afterwards.
 *
 * The number of histories is that of the environment's HISTORIES, else as many as take some
 * seconds; the first one is that of SEED. What fails is written out in as few events as show it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "entity_histories.h"
#include "entity_model.h"
#include "entity_ways.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SLOW
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SLOW)
enum { HISTORIES = 300 };
#else
enum { HISTORIES = 1000 };
#endif

/* Pages are compared line by line, sorted. */

struct lines {
    char *text;
    char **of;
    size_t count;
};

static int by_words(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static struct lines lines_of(char *text)
{
    struct lines lines = {.text = text};
    for (char *at = text; *at; at++)
        lines.count += *at == '\n';
    lines.of = calloc(lines.count + 1, sizeof *lines.of);
    cr_assert_not_null(lines.of);
    size_t i = 0;
    for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
        lines.of[i++] = at;
    qsort(lines.of, lines.count, sizeof *lines.of, by_words);
    return lines;
}

static void lines_free(struct lines *lines)
{
    free(lines->of);
    free(lines->text);
}

/* Whether a line says what is expected: the same, or a number within the range. */
static bool says(const char *line, const char *expected)
{
    const char *range = strchr(expected, '[');
    double low, high;
    if (!range || sscanf(range, "[%lf %lf]", &low, &high) != 2 ||
        strncmp(line, expected, (size_t)(range - expected)) != 0)
        return strcmp(line, expected) == 0;
    char *end;
    double number = strtod(line + (range - expected), &end);
    return end != line + (range - expected) && *end == '\0' && number >= low && number <= high;
}

/* The first difference in words, malloc()ed; NULL when there is none. */
static char *difference(const struct lines *found, const struct lines *expected)
{
    char *words = NULL;
    size_t size, i = 0;
    while (i < found->count && i < expected->count && says(found->of[i], expected->of[i]))
        i++;
    if (i == found->count && i == expected->count)
        return NULL;
    FILE *file = open_memstream(&words, &size);
    cr_assert_not_null(file);
    fprintf(file, "model:   %s\nprogram: %s\n", i < expected->count ? expected->of[i] : "nothing",
            i < found->count ? found->of[i] : "nothing");
    fclose(file);
    return words;
}

/* What the model says. */
static char *model_part(const struct part *part)
{
    struct model_event *events = calloc(part->count + 1, sizeof *events);
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert(events && file);
    for (size_t i = 0; i < part->count; i++) {
        const struct history_event *event = &part->history->events[part->numbers[i]];
        events[i] = model_event_read(event->body, event->received_ms, event->verified);
    }
    model_write(events, part->count, part->history->now_ms, file);
    fclose(file);
    for (size_t i = 0; i < part->count; i++)
        model_event_free(&events[i]);
    free(events);
    return text;
}

/* Those lines of the model that say what waits. */
static char *model_waiting(const struct part *part)
{
    struct lines lines = lines_of(model_part(part));
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    for (size_t i = 0; i < lines.count; i++)
        if (strncmp(lines.of[i], "intervention", 12) == 0 && strstr(lines.of[i], "/ state waiting"))
            fprintf(file, "%s\n", lines.of[i]);
    fclose(file);
    lines_free(&lines);
    return text;
}

/* Two ways that end alike, for any history. */
struct pair {
    const char *name;
    char *(*expected)(const struct part *part);
    char *(*found)(const struct part *part);
    bool shuffled;
    bool alike;     /* the ids of events */
    bool partial;   /* what is found may be less */
    unsigned every; /* so many histories: some take long */
};

/* Leaves those lines only that `other` has, too. */
static void keep_common(struct lines *lines, const struct lines *other)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (bsearch(&lines->of[i], other->of, other->count, sizeof *other->of, by_words))
            lines->of[kept++] = lines->of[i];
    lines->count = kept;
}

/* How they differ, malloc()ed; or NULL. */
static char *differs(const struct part *part, const struct pair *pair)
{
    struct lines expected = lines_of(pair->expected(part)), found = lines_of(pair->found(part));
    if (pair->partial)
        keep_common(&expected, &found);
    char *words = difference(&found, &expected);
    lines_free(&expected);
    lines_free(&found);
    return words;
}

/* Leave out `step` events from a place on, if there still is a difference without them. */
static bool leave_out(struct part *part, const struct pair *pair, size_t at, size_t step)
{
    struct part less = *part;
    less.count -= step;
    less.numbers = calloc(part->count, sizeof *less.numbers);
    cr_assert_not_null(less.numbers);
    memcpy(less.numbers, part->numbers, at * sizeof *less.numbers);
    memcpy(less.numbers + at, part->numbers + at + step, (less.count - at) * sizeof *less.numbers);
    char *words = differs(&less, pair);
    bool fewer = words != NULL;
    if (fewer) {
        memcpy(part->numbers, less.numbers, less.count * sizeof *less.numbers);
        part->count = less.count;
    }
    free(less.numbers);
    free(words);
    return fewer;
}

static void shrink(struct part *part, const struct pair *pair)
{
    for (size_t step = part->count / 2; step > 0; step /= 2)
        for (size_t at = 0; at + step <= part->count;)
            at += leave_out(part, pair, at, step) ? 0 : step;
}

static void report(struct part *part, const struct pair *pair)
{
    shrink(part, pair);
    char *words = differs(part, pair);
    fprintf(stderr, "SEED=%llu HISTORIES=1, %s\n%s", (unsigned long long)part->seed, pair->name,
            words);
    for (size_t i = 0; i < part->count; i++) {
        const struct history_event *event = &part->history->events[part->numbers[i]];
        fprintf(stderr, "received %lld%s: %s\n", (long long)event->received_ms,
                event->verified ? ", verified" : "", event->body);
    }
    free(words);
}

static void order(struct part *part, bool shuffled)
{
    struct dice dice = {part->seed};
    for (size_t i = 0; i < part->count; i++)
        part->numbers[i] = i;
    for (size_t i = part->count; shuffled && i > 1; i--) {
        size_t other = (size_t)dice_between(&dice, 0, (int64_t)i - 1), held = part->numbers[i - 1];
        part->numbers[i - 1] = part->numbers[other];
        part->numbers[other] = held;
    }
}

static bool agrees(const struct pair *pair, uint64_t seed)
{
    struct random_history history = random_history(seed, pair->alike);
    struct part part = {&history, seed, calloc(history.count, sizeof *part.numbers), history.count};
    cr_assert_not_null(part.numbers);
    order(&part, pair->shuffled);
    char *words = differs(&part, pair);
    bool same = !words;
    if (!same)
        report(&part, pair);
    free(part.numbers);
    free(words);
    random_history_free(&history);
    return same;
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void expect_agreement(const struct pair *pairs, size_t count)
{
    uint64_t first = setting("SEED", 1), histories = setting("HISTORIES", HISTORIES);
    uint64_t failures = 0;
    for (uint64_t i = 0; i < histories && failures < setting("FAILURES", 1); i++)
        for (size_t pair = 0; pair < count; pair++)
            if (i % pairs[pair].every == 0)
                failures += !agrees(&pairs[pair], first + i);
    cr_assert_eq(failures, 0);
}

Test(fold_model, every_figure_is_what_all_events_together_say, .timeout = 3600)
{
    static const struct pair pairs[] = {
        {.name = "in the order of arrival", model_part, fold_part, .every = 1},
        {.name = "in another order", model_part, fold_part, .every = 1, .shuffled = true},
        {.name = "the past afterwards", model_part, fold_part_with_past, .every = 1},
        {.name = "in a store, some events again", model_part, store_part, .every = 20},
        {.name = "after a restart", model_part, load_part, .every = 1000},
    };
    expect_agreement(pairs, sizeof pairs / sizeof *pairs);
}

Test(fold_model, events_with_ids_that_begin_alike_are_in_a_fixed_order, .timeout = 3600)
{
    static const struct pair pair = {
        "ids alike", fold_part_as_it_came, fold_part, .every = 1, .shuffled = true, .alike = true,
    };
    expect_agreement(&pair, 1);
}

Test(fold_model, the_same_entities_are_remembered_after_a_restart, .timeout = 3600)
{
    static const struct pair pair = {
        "few remembered",
        remember_part,
        remember_part_after_start,
        .every = 1,
    };
    expect_agreement(&pair, 1);
}

/* Those that wait by the model are among those that wait there. */
Test(fold_model, what_waits_is_never_forgotten, .timeout = 3600)
{
    static const struct pair pairs[] = {
        {"few fit", wait_in_part, model_waiting, .every = 1, .partial = true},
        {"few fit, at a start", wait_in_part_after_start, model_waiting, .every = 1,
         .partial = true},
        {"few bytes", wait_in_few_bytes, model_waiting, .every = 1, .partial = true},
        {"few bytes, at a start", wait_in_few_bytes_after_start, model_waiting, .every = 1,
         .partial = true},
    };
    expect_agreement(pairs, sizeof pairs / sizeof *pairs);
}

Test(fold_model, nothing_that_was_over_waits_after_a_restart, .timeout = 3600)
{
    static const struct pair pair = {
        "some were over", wait_in_part, wait_in_part_after_start, .every = 1, .partial = true,
    };
    expect_agreement(&pair, 1);
}
