/*
 * `anchortop send`: signed test events, made up, read from files or simulated, to any endpoint.
 */
#include "send_command.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "complain.h"
#include "fleet.h"
#include "send.h"
#include "send_list.h"
#include "text.h"

enum {
    REASON_SIZE = 1024,
    CLEAN_SIZE = 600,
    MANY = 100, /* events: above, only failures get a line each */
    MAX_COMPLAINTS = 20,
    MAX_UNANSWERED = 10, /* in a row: then nobody is there */
    STORY_MS = 10 * 60 * 1000,
};

/* One run of the command. */
struct campaign {
    const struct options *options;
    struct send_list list;
    struct fleet *fleet; /* with --simulate, else NULL */
    struct dice dice;
    struct sample sample;
    uint64_t total; /* 0: until it is stopped */
    uint64_t taken, accepted, failed, unanswered_in_a_row;
    int64_t began_us, next_us; /* monotonic; next_us only with a rate */
    bool report_each;
    unsigned first_status; /* of the first failure */
    char first_answer[SEND_ANSWER_SIZE];
};

/* For the signal handler. */
static struct sender *running;

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool fill(struct send_item *item, char *body, const char *type, const char *id)
{
    item->body = body;
    item->length = body ? strlen(body) : 0;
    snprintf(item->type, sizeof item->type, "%s", type);
    snprintf(item->id, sizeof item->id, "%s", id);
    return body != NULL;
}

/* Makes up an event of a type, with the fields that were given. NULL with a reason. */
static char *make_up(struct campaign *campaign, const struct send_entry *entry, const char *id,
                     int64_t now_ms, char *reason, size_t reason_size)
{
    char *body = sample_envelope(&campaign->sample, entry->type->name, id, now_ms);
    snprintf(reason, reason_size, "there is no memory left");
    if (body && entry->field_count &&
        !send_field_set(entry->fields, entry->field_count, &body, reason, reason_size)) {
        free(body);
        return NULL;
    }
    return body;
}

/* What the report calls an event whose type or id was set. */
static bool fill_set(struct send_item *item, char *body, const char *type, const char *id)
{
    cJSON *json = body ? cJSON_Parse(body) : NULL;
    const char *own_type = cJSON_GetStringValue(cJSON_GetObjectItem(json, "type"));
    const char *own_id = cJSON_GetStringValue(cJSON_GetObjectItem(json, "id"));
    bool good = fill(item, body, own_type ? own_type : type, own_id ? own_id : id);
    cJSON_Delete(json);
    return good;
}

/* The next of the list: what has been made up in one round belongs together. */
static bool take_listed(struct campaign *campaign, struct send_item *item)
{
    size_t at = campaign->taken % campaign->list.count;
    uint64_t round = campaign->taken / campaign->list.count;
    const struct send_entry *entry = &campaign->list.entries[at];
    int64_t now_ms = clock_us(CLOCK_REALTIME) / 1000;
    char id[SAMPLE_EVENT_ID_SIZE], reason[REASON_SIZE];

    if (!entry->type) {
        char *body = strndup(entry->body, entry->length);
        return fill(item, body, entry->name, entry->id);
    }
    if (at == 0 || !campaign->sample.task)
        sample_roll(&campaign->sample, &sample_tasks[round % SAMPLE_TASKS], &campaign->dice);
    sample_event_id(id, now_ms, &campaign->dice);
    char *body = make_up(campaign, entry, id, now_ms, reason, sizeof reason);
    return entry->field_count ? fill_set(item, body, entry->type->name, id)
                              : fill(item, body, entry->type->name, id);
}

/* Whether the fields that were given can be set in the events that they stand behind. */
static bool try_fields(struct campaign *campaign, char *reason, size_t reason_size)
{
    sample_roll(&campaign->sample, &sample_tasks[0], &campaign->dice);
    for (size_t i = 0; i < campaign->list.count; i++) {
        const struct send_entry *entry = &campaign->list.entries[i];
        char *body = entry->type ? make_up(campaign, entry, "", 0, reason, reason_size) : NULL;
        if (entry->type && !body)
            return false;
        free(body);
    }
    return true;
}

/* Whether the fleet is sent at its own pace; else it is seen in time lapse. */
static bool is_live(const struct campaign *campaign)
{
    return campaign->fleet && !campaign->total && campaign->options->rate <= 0;
}

static bool take_simulated(struct campaign *campaign, struct send_item *item)
{
    struct fleet_delivery delivery;
    int64_t now_ms =
        is_live(campaign) ? fleet_due(campaign->fleet) : clock_us(CLOCK_REALTIME) / 1000;
    if (!fleet_next(campaign->fleet, now_ms, &delivery)) {
        free(delivery.body);
        return false;
    }
    return fill(item, delivery.body, delivery.type, delivery.event_id);
}

/* How long to wait before the next event may go, in microseconds. */
static int64_t time_to_wait(struct campaign *campaign)
{
    double rate = campaign->options->rate;
    int64_t now_us = clock_us(CLOCK_MONOTONIC);

    if (rate > 0) {
        if (campaign->next_us > now_us)
            return campaign->next_us - now_us;
        /* Once behind, it does not hurry to make up for more than a second. */
        if (campaign->next_us < now_us - 1000000)
            campaign->next_us = now_us - 1000000;
        campaign->next_us += (int64_t)(1e6 / rate);
        return 0;
    }
    if (is_live(campaign))
        return fleet_due(campaign->fleet) * 1000 - clock_us(CLOCK_REALTIME);
    return 0;
}

static enum send_next next_event(void *context, struct send_item *item, int64_t *wait_us)
{
    struct campaign *campaign = context;

    if ((campaign->total && campaign->taken == campaign->total) ||
        campaign->unanswered_in_a_row >= MAX_UNANSWERED)
        return SEND_END;
    *wait_us = time_to_wait(campaign);
    if (*wait_us > 0)
        return SEND_WAIT;
    if (!(campaign->fleet ? take_simulated(campaign, item) : take_listed(campaign, item)))
        return SEND_END;
    campaign->taken++;
    return SEND_ITEM;
}

static bool is_good(unsigned status)
{
    return status >= 200 && status < 300;
}

/* What the endpoint said: the word of its JSON when it accepted, the sentence when it did not, else
 * the answer itself. What was refused is never called by a good word. */
static void describe_answer(unsigned status, const char *answer, char *clean, size_t size)
{
    bool good = is_good(status);
    cJSON *json = cJSON_Parse(answer);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(json, good ? "status" : "error"));
    if (!text)
        text = *answer ? answer : good ? "accepted" : "without a reason";
    text_clean(clean, size, text, strlen(text), 0);
    cJSON_Delete(json);
}

static void report(const struct send_result *result)
{
    char type[CLEAN_SIZE], id[CLEAN_SIZE], said[CLEAN_SIZE], took[32];

    text_clean(type, sizeof type, result->type, strlen(result->type), 0);
    text_clean(id, sizeof id, result->id, strlen(result->id), 0);
    text_duration(took, sizeof took, result->micros / 1000);
    describe_answer(result->status, result->answer, said, sizeof said);
    if (result->status)
        printf("%s %s: %u %s (%s)\n", type, id, result->status, said, took);
    else
        printf("%s %s: %s (%s)\n", type, id, said, took);
    fflush(stdout);
}

static void on_answer(void *context, const struct send_result *result)
{
    struct campaign *campaign = context;
    bool good = is_good(result->status);

    campaign->unanswered_in_a_row = result->status ? 0 : campaign->unanswered_in_a_row + 1;
    campaign->accepted += good;
    if (!good && campaign->failed++ == 0) {
        campaign->first_status = result->status;
        snprintf(campaign->first_answer, sizeof campaign->first_answer, "%s", result->answer);
    }
    if (campaign->report_each || (!good && campaign->failed <= MAX_COMPLAINTS))
        report(result);
}

static void print_summary(const struct campaign *campaign)
{
    char count[32], took[32];
    int64_t micros = clock_us(CLOCK_MONOTONIC) - campaign->began_us;
    uint64_t answered = campaign->accepted + campaign->failed;

    text_count(count, sizeof count, (double)answered);
    text_duration(took, sizeof took, micros / 1000);
    printf("%s %s sent in %s", count, answered == 1 ? "event" : "events", took);
    if (answered > 1 && micros > 0)
        printf(", %.0f a second", (double)answered * 1e6 / (double)micros);
    printf(": %" PRIu64 " accepted, %" PRIu64 " failed\n", campaign->accepted, campaign->failed);
}

/* What ends a sentence, where it has no end yet. */
static const char *stop_behind(const char *sentence)
{
    size_t length = strlen(sentence);
    return length && strchr(".?!", sentence[length - 1]) ? "" : ".";
}

/* What to do about the first delivery that failed. */
static void print_remedy(const struct campaign *campaign, bool is_signed)
{
    const char *url = campaign->options->url;
    char said[CLEAN_SIZE];

    describe_answer(campaign->first_status, campaign->first_answer, said, sizeof said);
    switch (campaign->first_status) {
    case 0:
        complain("%s gave no answer (%s). %s", url, said,
                 strstr(said, "certificate")
                     ? "If this system does not trust its certificate, name the authority's "
                       "certificate in the environment variable SSL_CERT_FILE."
                     : "Is the receiver running there? Start one with \"anchortop --listen 8484\", "
                       "or name another place with --url.");
        break;
    case 401:
        complain("%s refused: %s%s %s", url, said, stop_behind(said),
                 is_signed ? "Both sides need the same secret (ANCHOR_WEBHOOK_SECRET or "
                             "--secret-file) and the same time."
                           : "Give the receiver's secret in ANCHOR_WEBHOOK_SECRET or with "
                             "--secret-file.");
        break;
    case 404:
        complain("%s refused: %s%s Name the path that it takes in --url.", url, said,
                 stop_behind(said));
        break;
    default: complain("%s answered %u: %s", url, campaign->first_status, said);
    }
}

static void stop_sending(int signal_number)
{
    (void)signal_number;
    sender_stop(running);
}

/* Runs the sender; an interrupt ends it with a summary, a second one at once. */
static void run(struct sender *sender)
{
    struct sigaction action = {.sa_handler = stop_sending, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    running = sender;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    sender_run(sender);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

/* Finds out what is to be sent. Returns -1 to go on, or an exit status after a complaint. */
static int prepare(struct campaign *campaign)
{
    const struct options *options = campaign->options;
    char reason[REASON_SIZE];

    if (options->simulate == (options->operand_count > 0)) {
        complain(
            "send %s",
            options->simulate
                ? "takes either --simulate or types and files, not both"
                : "needs something to send: event types (anchortop send task.failed), files, or "
                  "--simulate");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < options->operand_count; i++) {
        if (!send_list_add(&campaign->list, options->operands[i], reason, sizeof reason)) {
            complain("%s", reason);
            return EXIT_USAGE;
        }
    }
    if (getrandom(&campaign->dice, sizeof campaign->dice, 0) < 0) {
        complain("the system gives no random numbers: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    if (!try_fields(campaign, reason, sizeof reason)) {
        complain("%s", reason);
        return EXIT_USAGE;
    }
    if (options->simulate) {
        int64_t now_ms = clock_us(CLOCK_REALTIME) / 1000;
        campaign->fleet = fleet_new(dice_roll(&campaign->dice), now_ms - STORY_MS, now_ms);
        campaign->total = options->count;
    } else {
        campaign->total = campaign->list.count * (options->count ? options->count : 1);
    }
    campaign->report_each = campaign->total && campaign->total <= MANY;
    return -1;
}

int send_command(const struct options *options, const struct secrets *secrets)
{
    struct campaign campaign = {.options = options};
    char reason[REASON_SIZE];
    int status = prepare(&campaign);
    struct send_config config = {.url = options->url,
                                 .secrets = secrets,
                                 .parallel = campaign.report_each ? 1 : SEND_MAX_PARALLEL,
                                 .next = next_event,
                                 .answered = on_answer,
                                 .context = &campaign};
    struct sender *sender = status < 0 ? sender_new(&config, reason, sizeof reason) : NULL;

    if (status < 0 && !sender) {
        complain("%s", reason);
        status = EXIT_USAGE;
    }
    if (sender) {
        if (secrets_count(secrets) == 0)
            complain("there is no secret, so nothing is signed; give one in "
                     "ANCHOR_WEBHOOK_SECRET or with --secret-file");
        campaign.began_us = campaign.next_us = clock_us(CLOCK_MONOTONIC);
        run(sender);
        print_summary(&campaign);
        if (campaign.failed)
            print_remedy(&campaign, secrets_count(secrets) > 0);
        status = campaign.failed ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    sender_free(sender);
    fleet_free(campaign.fleet);
    send_list_free(&campaign.list);
    return status;
}
