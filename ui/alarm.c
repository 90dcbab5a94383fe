/*
 * Alerts on the screen.
 */
#include "alarm.h"

#include <time.h>

#include "state.h"

enum {
    SLICE = 1000,     /* events looked at in one frame, under the store's lock: 0.6 ms, 12 rules */
    DECODE_COST = 20, /* what one that is decoded takes of it */
    FIRED = 8,        /* and at most copied out of it */
    ATTEND_MS = 500,  /* how often commands that run are looked after */
};

/* Goes on evenly when the clock is set. */
static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool alarm_open(struct ui *ui)
{
    const struct alert_rules *rules = &ui->config->options->alerts;
    struct alarm *alarm = &ui->alarm;

    if (rules->count == 0)
        return true;
    alarm->alerts = alerts_new(rules);
    return alarm->alerts != NULL;
}

void alarm_close(struct alarm *alarm)
{
    alerts_free(alarm->alerts);
    alarm->alerts = NULL;
}

/* An event that sets off alerts. */
struct fired {
    uint64_t set;
    struct store_copy copy;
};

/* (locked) Whether the intervention that an event asks for is over: its resolution came first. */
static bool is_settled(const struct store *store, uint64_t seq, const struct ring_record *record)
{
    const struct entity *entity = NULL;
    struct event event;
    char reason[160];

    if (!event_decode(&event, ring_raw(store_ring(store), seq), record->length, reason,
                      sizeof reason))
        return false;
    if (event.entity == ENTITY_INTERVENTION && event.subject)
        entity = entities_find(store_entities(store), ENTITY_INTERVENTION, event.subject);
    event_free(&event);
    return entity &&
           intervention_state((const struct intervention *)entity) != INTERVENTION_WAITING;
}

/* (locked) Which alerts an event sets off. *cost receives its share of the slice. */
static uint64_t consider(const struct alarm *alarm, const struct store *store, int64_t steady_now,
                         int64_t real_ms, int *cost)
{
    const struct ring_record *record = ring_at(store_ring(store), alarm->next);
    struct alert_facts facts = {.type = store_type(store, record->type)->name,
                                .outcome = (enum outcome)record->outcome,
                                .age_ms = real_ms - record->created_ms};
    *cost = 1;
    if (facts.outcome == OUTCOME_WAITING) {
        facts.settled = is_settled(store, alarm->next, record);
        *cost = DECODE_COST;
    }
    return alerts_consider(alarm->alerts, &facts, steady_now);
}

/* Copies what sets off alerts out of the next slice of events; returns how many there are. */
static size_t collect(struct alarm *alarm, struct store *store, struct fired *fired,
                      int64_t steady_now, int64_t real_ms)
{
    size_t count = 0;
    int cost = 0;

    store_lock(store);
    uint64_t first = ring_first(store_ring(store)), end = ring_end(store_ring(store));
    if (alarm->next < first)
        alarm->next = first;
    for (int spent = 0; spent < SLICE && count < FIRED && alarm->next < end; spent += cost) {
        fired[count].set = consider(alarm, store, steady_now, real_ms, &cost);
        if (fired[count].set && store_copy_event(store, alarm->next, &fired[count].copy))
            count++;
        alarm->next++;
    }
    alarm->behind = alarm->next < end;
    store_unlock(store);
    return count;
}

/* Starts the commands of an event, and notifies; returns what else is to be done. */
static unsigned fire(struct alarm *alarm, const struct fired *fired, int64_t steady_now,
                     int64_t real_ms)
{
    const struct store_copy *copy = &fired->copy;
    struct alert_notice notice;
    struct event event;
    char reason[160];

    if (!event_decode(&event, copy->raw, copy->record.length, reason, sizeof reason))
        return 0;
    const struct field_source source = {.event = &event,
                                        .received_ms = copy->record.received_ms,
                                        .now_ms = real_ms,
                                        .duplicates = copy->record.duplicates,
                                        .verified = copy->record.verified};
    alerts_fire(alarm->alerts, fired->set, &source, copy->raw, copy->record.length, steady_now,
                &notice);
    event_free(&event);
    if (notice.actions & ALERT_DESKTOP)
        screen_notify(notice.title, notice.body);
    return notice.actions;
}

void alarm_pass(struct ui *ui)
{
    struct alarm *alarm = &ui->alarm;
    struct fired fired[FIRED] = {{.set = 0}};
    int64_t steady_now = steady_ms();
    char failure[ALERT_FAILURE_SIZE];
    unsigned actions = 0;

    if (!alarm->alerts)
        return;
    size_t count = collect(alarm, ui->config->store, fired, steady_now, ui->now_ms);
    for (size_t i = 0; i < count; i++) {
        actions |= fire(alarm, &fired[i], steady_now, ui->now_ms);
        store_copy_free(&fired[i].copy);
    }
    if (actions & ALERT_BELL && !ui->muted)
        screen_bell();
    if (actions & ALERT_FLASH)
        screen_flash();
    while (alerts_reap(alarm->alerts, steady_now, failure, sizeof failure))
        ui_say(ui, ROLE_WARNING, "%s", failure);
}

int alarm_wait_ms(const struct alarm *alarm)
{
    int flash_ms = screen_flash_ms();
    bool running = alarm->alerts && alerts_running(alarm->alerts) > 0;
    if (running && (flash_ms < 0 || flash_ms > ATTEND_MS))
        return ATTEND_MS;
    return flash_ms;
}
