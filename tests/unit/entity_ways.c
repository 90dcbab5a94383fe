#include "entity_ways.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entity.h"
#include "entity_figures.h"
#include "history.h"
#include "loader.h"
#include "store.h"

static const struct hash_seed seed = {{3, 4}};

static const struct history_event *event_of(const struct part *part, size_t place)
{
    return &part->history->events[part->numbers[place]];
}

static struct event decoded(const char *body)
{
    struct event event;
    char reason[256];
    cr_assert(event_accept(&event, body, strlen(body), reason, sizeof reason), "%s: %s", reason,
              body);
    return event;
}

static char *figures(const struct entities *entities, int64_t now_ms)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    figures_write(entities, now_ms, file);
    fclose(file);
    return text;
}

static char *figures_in(struct store *store, int64_t now_ms)
{
    store_lock(store);
    char *text = figures(store_entities(store), now_ms);
    store_unlock(store);
    return text;
}

/* Folding. */

static void fold(struct entities *entities, const struct part *part, size_t place, bool past)
{
    struct event event = decoded(event_of(part, place)->body);
    struct entity_facts facts;
    entities_read(entities, &event, event_of(part, place)->received_ms, &facts);
    facts.verified = event_of(part, place)->verified;
    if (past)
        entities_fold_past(entities, &facts, (int64_t)place + 1);
    else
        entities_fold(entities, &facts, place + 1, (int64_t)place + 1);
    event_free(&event);
}

static struct entities *fold_all(const struct part *part, size_t limit, size_t bytes)
{
    struct entities *entities = entities_new(limit, &seed);
    cr_assert_not_null(entities);
    entities_limit_bytes(entities, bytes);
    for (size_t i = 0; i < part->count; i++)
        fold(entities, part, i, false);
    return entities;
}

/* First what is newer, then what came before, with what arrives meanwhile in between. */
static void fold_with_past(struct entities *entities, const struct part *part)
{
    size_t past = part->count * (part->seed % 7) / 7;
    size_t arriving = (part->count - past) * (part->seed % 3) / 3;
    size_t live = part->count - (arriving < past ? arriving : past);
    entities_expect_past(entities);
    for (size_t i = past; i < live; i++)
        fold(entities, part, i, false);
    for (size_t i = 0; i < past; i++) {
        if (live < part->count)
            fold(entities, part, live++, false);
        fold(entities, part, i, true);
    }
    entities_end_past(entities);
}

static struct entities *fold_all_with_past(const struct part *part, size_t limit, size_t bytes)
{
    struct entities *entities = entities_new(limit, &seed);
    cr_assert_not_null(entities);
    entities_limit_bytes(entities, bytes);
    fold_with_past(entities, part);
    return entities;
}

enum { MANY = 1000 }; /* more than any history has */

static char *figures_of(struct entities *entities, const struct part *part)
{
    char *text = figures(entities, part->history->now_ms);
    entities_free(entities);
    return text;
}

char *fold_part(const struct part *part)
{
    return figures_of(fold_all(part, MANY, INT64_MAX), part);
}

char *fold_part_with_past(const struct part *part)
{
    return figures_of(fold_all_with_past(part, MANY, INT64_MAX), part);
}

static int by_number(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

char *fold_part_as_it_came(const struct part *part)
{
    struct part sorted = *part;
    sorted.numbers = calloc(part->count + 1, sizeof *sorted.numbers);
    cr_assert_not_null(sorted.numbers);
    memcpy(sorted.numbers, part->numbers, part->count * sizeof *sorted.numbers);
    qsort(sorted.numbers, sorted.count, sizeof *sorted.numbers, by_number);
    char *text = fold_part(&sorted);
    free(sorted.numbers);
    return text;
}

/* What is remembered. */

static char *names_of(struct entities *entities, bool waiting)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    names_write(entities, waiting, file);
    fclose(file);
    entities_free(entities);
    return text;
}

/* Without what begins with a type, unless NULL. */
static struct part without(const struct part *part, const char *type)
{
    struct part less = *part;
    less.count = 0;
    less.numbers = calloc(part->count + 1, sizeof *less.numbers);
    cr_assert_not_null(less.numbers);
    for (size_t i = 0; i < part->count; i++)
        if (!type || !strstr(event_of(part, i)->body, type))
            less.numbers[less.count++] = part->numbers[i];
    return less;
}

/* Where there is room for few of each kind, and for some bytes. */
static char *few_of(const struct part *part, size_t bytes, bool start, bool waiting)
{
    static const char requests[] = "\"type\":\"intervention";
    size_t limit = 1 + part->seed % 5;
    struct part less = without(part, waiting ? NULL : requests);
    char *text = names_of(
        start ? fold_all_with_past(&less, limit, bytes) : fold_all(&less, limit, bytes), waiting);
    free(less.numbers);
    return text;
}

char *remember_part(const struct part *part)
{
    return few_of(part, INT64_MAX, false, false);
}

char *remember_part_after_start(const struct part *part)
{
    return few_of(part, INT64_MAX, true, false);
}

char *wait_in_part(const struct part *part)
{
    return few_of(part, INT64_MAX, false, true);
}

char *wait_in_part_after_start(const struct part *part)
{
    return few_of(part, INT64_MAX, true, true);
}

/* Most histories take up to some ten thousand bytes. */
static size_t few_bytes(const struct part *part)
{
    return 1000 + part->seed % 11 * 1000;
}

char *wait_in_few_bytes(const struct part *part)
{
    return few_of(part, few_bytes(part), false, true);
}

char *wait_in_few_bytes_after_start(const struct part *part)
{
    return few_of(part, few_bytes(part), true, true);
}

/* The store. */

static void add(struct store *store, const struct history_event *from)
{
    struct event event = decoded(from->body);
    uint64_t seq;
    store_add(store,
              &(struct store_arrival){.event = &event,
                                      .raw = from->body,
                                      .length = strlen(from->body),
                                      .received_ms = from->received_ms,
                                      .verified = from->verified},
              &seq);
    event_free(&event);
}

char *store_part(const struct part *part)
{
    enum { AGAIN = 3 };
    struct store *store = store_new(STORE_MIN_MEMORY);
    cr_assert_not_null(store);
    for (size_t i = 0; i < part->count; i++) {
        add(store, event_of(part, i));
        if (i % AGAIN == 0)
            add(store, event_of(part, i));
    }
    for (size_t i = 1; i < part->count; i += AGAIN)
        add(store, event_of(part, i));
    char *text = figures_in(store, part->history->now_ms);
    store_free(store);
    return text;
}

/* The journal. */

static char home[64], path[96];

static int remove_entry(const char *name, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(name);
}

static struct history *open_journal(void)
{
    char reason[700];
    const struct history_config config = {.path = path};
    struct history *history = history_open(&config, reason, sizeof reason);
    cr_assert(history, "%s", reason);
    return history;
}

/* The body with padding, so that memory has no room for all of a history. */
static char *padded(const char *body, size_t padding)
{
    size_t length = strlen(body), size = length + padding + 32;
    char *text = malloc(size);
    cr_assert_not_null(text);
    int used = snprintf(text, size, "%.*s,\"padding\":\"", (int)length - 1, body);
    memset(text + used, 'x', padding);
    snprintf(text + (size_t)used + padding, size - (size_t)used - padding, "\"}");
    return text;
}

static void write_journal(const struct part *part)
{
    enum { ALL = 2 * STORE_MIN_MEMORY, MOST = 3 << 20 };
    size_t padding = part->count * MOST < ALL ? MOST : ALL / part->count;
    struct history *history = open_journal();
    for (size_t i = 0; i < part->count; i++) {
        const struct history_event *from = event_of(part, i);
        char reason[512], *body = padded(from->body, padding);
        struct event event = decoded(body);
        struct history_entry entry = {.id = event.id,
                                      .type = event.type,
                                      .raw = body,
                                      .length = strlen(body),
                                      .created_ms = event.created_ms,
                                      .received_ms = from->received_ms,
                                      .verified = from->verified};
        cr_assert(history_write(history, &entry, 1, reason, sizeof reason), "%s", reason);
        event_free(&event);
        free(body);
    }
    history_close(history);
}

static void on_changed(void *context)
{
    sem_post(context);
}

static void load_journal(struct store *store)
{
    struct history *history = open_journal();
    sem_t parts;
    sem_init(&parts, 0, 0);
    const struct loader_config config = {
        .history = history, .store = store, .changed = on_changed, .changed_context = &parts};
    char reason[256];
    struct loader *loader = loader_start(&config, reason, sizeof reason);
    cr_assert(loader, "%s", reason);
    enum loader_phase phase;
    while ((phase = loader_progress(loader).phase) != LOADER_DONE) {
        cr_assert_neq(phase, LOADER_FAILED);
        sem_wait(&parts);
    }
    loader_stop(loader);
    sem_destroy(&parts);
    history_close(history);
}

char *load_part(const struct part *part)
{
    struct store *store = store_new(STORE_MIN_MEMORY);
    snprintf(home, sizeof home, "/tmp/anchortop-ways-XXXXXX");
    cr_assert(store && mkdtemp(home));
    snprintf(path, sizeof path, "%s/history.db", home);
    write_journal(part);
    load_journal(store);
    char *text = figures_in(store, part->history->now_ms);
    store_free(store);
    nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return text;
}
