/*
 * Alerts on the screen.
 */
#include "alarm.h"

#include "../src/clock.h"
#include "../src/turn.h"
#include "osc.h"
#include "state.h"

enum {
    PASS_US = 6000, /* how long events are looked at in one frame, in which no alert goes off */
    FIRED = 8,      /* alerts at most in one frame */
    FIRED_BYTES = 1 << 20, /* of events that may set off alerts, and are decoded in one frame */
    ATTEND_MS = 500,       /* how often commands that run are looked after */
};

bool alarm_open(struct ui *ui)
{
    const struct alert_rules *rules = &ui->config->options->alerts;
    struct alarm *alarm = &ui->alarm;

    /* A recording is of what happened long ago. */
    if (rules->count == 0 || ui->config->source)
        return true;
    alarm->alerts = alerts_new(rules, ui->config->store);
    return alarm->alerts != NULL;
}

void alarm_close(struct alarm *alarm)
{
    alerts_free(alarm->alerts);
    alarm->alerts = NULL;
}

/* An event that may set off alerts. */
struct fired {
    uint64_t seq, set;
    struct store_copy copy;
};

/* Takes events down that may set off alerts, for a turn with the store; returns how many there
 * are. */
static size_t take(struct alarm *alarm, struct store *store, struct fired *fired, int64_t real_ms)
{
    size_t count = 0, bytes = 0;
    struct turn turn;

    turn_begin(&turn, store);
    uint64_t first = ring_first(store_ring(store)), end = ring_end(store_ring(store));
    if (alarm->next < first)
        alarm->next = first;
    for (bool more = true; more && count < FIRED && bytes < FIRED_BYTES && alarm->next < end;
         alarm->next++) {
        const struct ring_record *record = ring_at(store_ring(store), alarm->next);
        /* What a journal brought back has set off its alerts before. */
        if (!record->recalled && alerts_glance(alarm->alerts, alarm->next, real_ms)) {
            fired[count++].seq = alarm->next;
            bytes += record->length;
        }
        more = turn_goes_on(&turn, record->length);
    }
    alarm->behind = alarm->next < end;
    turn_end(&turn);
    return count;
}

/* Copies what may set off alerts out of the next slice of events; returns how many there are. All
 * are copied before any is decoded: memory may let go of them soon. */
static size_t collect(struct alarm *alarm, struct store *store, struct fired *fired,
                      int64_t real_ms)
{
    size_t count = take(alarm, store, fired, real_ms);
    for (size_t i = 0; i < count; i++)
        store_fetch(store, fired[i].seq, &fired[i].copy);
    for (size_t i = 0; i < count; i++)
        if (fired[i].copy.seq)
            fired[i].set =
                alerts_consider(alarm->alerts, &fired[i].copy, real_ms, clock_steady_us() / 1000);
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

    if (!event_skim(&event, copy->raw, copy->record.length, reason, sizeof reason))
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
        osc_notify(notice.title, notice.body);
    return notice.actions;
}

/* Looks at a slice of events, and does what they set off; what else is to be done is added to
 * *actions. Returns how many there were. */
static size_t pass(struct alarm *alarm, struct store *store, int64_t real_ms, unsigned *actions)
{
    struct fired fired[FIRED] = {{.set = 0}};

    size_t count = collect(alarm, store, fired, real_ms), set_off = 0;
    for (size_t i = 0; i < count; i++) {
        set_off += fired[i].set != 0;
        if (fired[i].set)
            *actions |= fire(alarm, &fired[i], clock_steady_us() / 1000, real_ms);
        store_copy_free(&fired[i].copy);
    }
    return set_off;
}

void alarm_pass(struct ui *ui)
{
    struct alarm *alarm = &ui->alarm;
    char failure[ALERT_FAILURE_SIZE];
    unsigned actions = 0;
    size_t count = 0;

    if (!alarm->alerts)
        return;
    int64_t until_us = clock_steady_us() + PASS_US;
    do
        count = pass(alarm, ui->config->store, ui->now_ms, &actions);
    while (alarm->behind && count == 0 && clock_steady_us() < until_us);
    if (actions & ALERT_BELL && !ui->muted)
        screen_bell();
    if (actions & ALERT_FLASH)
        screen_flash();
    while (alerts_reap(alarm->alerts, clock_steady_us() / 1000, failure, sizeof failure))
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
