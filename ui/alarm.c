/*
 * Alerts on the screen.
 */
#include "alarm.h"

#include "clock.h"
#include "osc.h"
#include "state.h"

enum {
    SLICE_US = 700,  /* how long events are looked at under the store's lock */
    SLICES = 8,      /* and how often in one frame, in which no alert goes off */
    FIRED = 8,       /* alerts at most in one frame */
    ATTEND_MS = 500, /* how often commands that run are looked after */
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

/* An event that sets off alerts. */
struct fired {
    uint64_t set;
    struct store_copy copy;
};

/* Copies what sets off alerts out of the next slice of events; returns how many there are. Some
 * rules look at an event's type only, others at all of it, so that the clock ends the slice. */
static size_t collect(struct alarm *alarm, struct store *store, struct fired *fired,
                      int64_t real_ms)
{
    size_t count = 0;

    store_lock(store);
    uint64_t first = ring_first(store_ring(store)), end = ring_end(store_ring(store));
    int64_t now_us = clock_steady_us(), until_us = now_us + SLICE_US;
    if (alarm->next < first)
        alarm->next = first;
    for (; count < FIRED && alarm->next < end && now_us < until_us; alarm->next++) {
        /* What a journal brought back has set off its alerts before. */
        if (ring_at(store_ring(store), alarm->next)->recalled)
            continue;
        fired[count].set = alerts_consider(alarm->alerts, alarm->next, real_ms, now_us / 1000);
        if (fired[count].set && store_copy_event(store, alarm->next, &fired[count].copy))
            count++;
        now_us = clock_steady_us();
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
        osc_notify(notice.title, notice.body);
    return notice.actions;
}

/* Looks at a slice of events, and does what they set off; what else is to be done is added to
 * *actions. Returns how many there were. */
static size_t pass(struct alarm *alarm, struct store *store, int64_t real_ms, unsigned *actions)
{
    struct fired fired[FIRED] = {{.set = 0}};

    size_t count = collect(alarm, store, fired, real_ms);
    for (size_t i = 0; i < count; i++) {
        *actions |= fire(alarm, &fired[i], clock_steady_us() / 1000, real_ms);
        store_copy_free(&fired[i].copy);
    }
    return count;
}

void alarm_pass(struct ui *ui)
{
    struct alarm *alarm = &ui->alarm;
    char failure[ALERT_FAILURE_SIZE];
    unsigned actions = 0;
    size_t count = 0;

    if (!alarm->alerts)
        return;
    alarm->behind = true;
    for (int slice = 0; slice < SLICES && alarm->behind && count == 0; slice++)
        count = pass(alarm, ui->config->store, ui->now_ms, &actions);
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
