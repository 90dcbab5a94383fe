/*
 * The signed sender behind `anchortop send` and `--demo`: libwebsockets as an HTTP client.
 */
#include "send.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "dice.h"

enum { STALE_BY = 3600, HOST_SIZE = 300 };

/* One connection's worth of state: a delivery under way, or nothing. */
struct exchange {
    struct sender *sender;
    struct lws *wsi;
    lws_sorted_usec_list_t deadline;
    bool busy;
    unsigned char *buffer; /* LWS_PRE bytes for the library, then the body */
    size_t capacity, length, sent;
    char type[SEND_NAME_SIZE], id[SEND_NAME_SIZE];
    enum send_flaw flaw;
    int64_t began_us;
    unsigned status;
    char answer[SEND_ANSWER_SIZE];
    size_t answered;
};

struct sender {
    struct send_config config;
    struct lws_context *lws;
    struct signer *signer;
    struct dice dice;
    bool tls;
    int port;
    char *uri; /* what `address` and `path` point into */
    const char *address;
    char *path;
    char host[HOST_SIZE];
    struct exchange exchanges[SEND_MAX_PARALLEL];
    unsigned busy;
    bool ended; /* the source has no more */
    lws_sorted_usec_list_t pump;
    atomic_bool stopped;
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void pump(lws_sorted_usec_list_t *timer);

/* Ends a delivery, once. `failure` says why there is no answer. */
static void finish(struct exchange *exchange, const char *failure)
{
    struct sender *sender = exchange->sender;
    if (!exchange->busy)
        return;
    exchange->busy = false;
    exchange->wsi = NULL;
    sender->busy--;
    lws_sul_cancel(&exchange->deadline);

    exchange->answer[exchange->answered] = '\0';
    struct send_result result = {.type = exchange->type,
                                 .id = exchange->id,
                                 .status = failure ? 0 : exchange->status,
                                 .answer = failure ? failure : exchange->answer,
                                 .micros = monotonic_us() - exchange->began_us};
    sender->config.answered(sender->config.context, &result);
    lws_sul_schedule(sender->lws, 0, &sender->pump, pump, 1);
}

static void run_out_of_time(lws_sorted_usec_list_t *timer)
{
    struct exchange *exchange = lws_container_of(timer, struct exchange, deadline);
    struct lws *wsi = exchange->wsi;
    char failure[64];

    snprintf(failure, sizeof failure, "no answer came within %d s", SEND_TIMEOUT_S);
    finish(exchange, failure);
    if (wsi) {
        lws_set_wsi_user(wsi, NULL);
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
}

static bool keep_body(struct exchange *exchange, const struct send_item *item)
{
    size_t needed = LWS_PRE + item->length;
    if (needed > exchange->capacity) {
        unsigned char *buffer = realloc(exchange->buffer, needed);
        if (!buffer)
            return false;
        exchange->buffer = buffer;
        exchange->capacity = needed;
    }
    memcpy(exchange->buffer + LWS_PRE, item->body, item->length);
    exchange->length = item->length;
    memcpy(exchange->type, item->type, sizeof exchange->type);
    memcpy(exchange->id, item->id, sizeof exchange->id);
    exchange->flaw = item->flaw;
    return true;
}

static void begin(struct exchange *exchange, struct send_item *item)
{
    struct sender *sender = exchange->sender;
    struct lws_client_connect_info info = {
        .context = sender->lws,
        .address = sender->address,
        .port = sender->port,
        .path = sender->path,
        .host = sender->host,
        .method = "POST",
        .protocol = "send",
        .alpn = "http/1.1",
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (sender->tls ? LCCSCF_USE_SSL : 0),
        .userdata = exchange,
        .pwsi = &exchange->wsi,
    };
    bool kept = keep_body(exchange, item);

    free(item->body);
    exchange->busy = true;
    exchange->status = 0;
    exchange->answered = exchange->sent = 0;
    exchange->began_us = monotonic_us();
    sender->busy++;
    if (!kept) {
        finish(exchange, "there is no memory left");
        return;
    }
    lws_sul_schedule(sender->lws, 0, &exchange->deadline, run_out_of_time,
                     SEND_TIMEOUT_S * LWS_US_PER_SEC);
    if (!lws_client_connect_via_info(&info))
        finish(exchange, "the connection could not be made");
}

/* Begins deliveries while there are free connections and events for them. */
static void pump(lws_sorted_usec_list_t *timer)
{
    struct sender *sender = lws_container_of(timer, struct sender, pump);

    for (unsigned i = 0; i < sender->config.parallel && !sender->ended && !sender->stopped; i++) {
        struct exchange *exchange = &sender->exchanges[i];
        struct send_item item = {0};
        int64_t wait_us = 0;
        if (exchange->busy)
            continue;
        switch (sender->config.next(sender->config.context, &item, &wait_us)) {
        case SEND_ITEM: begin(exchange, &item); break;
        case SEND_WAIT:
            lws_sul_schedule(sender->lws, 0, &sender->pump, pump, wait_us > 0 ? wait_us : 1);
            return;
        case SEND_END: sender->ended = true; break;
        }
    }
    /* The library would go on to wait: it looks at timers before that. */
    if (sender->ended && !sender->busy)
        lws_cancel_service(sender->lws);
}

static bool add_header(struct lws *wsi, const char *name, const char *value, unsigned char **at,
                       unsigned char *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), at,
                                       end) == 0;
}

static bool add_signature(struct exchange *exchange, struct lws *wsi, unsigned char **at,
                          unsigned char *end)
{
    struct sender *sender = exchange->sender;
    char hex[SIGNATURE_HEX_SIZE], timestamp[24], signature[128];
    long long now = (long long)time(NULL);

    if (exchange->flaw == SEND_STALE_TIMESTAMP)
        now -= STALE_BY;
    snprintf(timestamp, sizeof timestamp, "%lld", now);
    if (!add_header(wsi, "anchor-timestamp:", timestamp, at, end))
        return false;
    if (secrets_count(sender->config.secrets) == 0)
        return true;
    if (!signature_make(sender->signer, sender->config.secrets, now,
                        (const char *)exchange->buffer + LWS_PRE, exchange->length, hex))
        return false;
    if (exchange->flaw == SEND_WRONG_SIGNATURE)
        hex[0] = hex[0] == '0' ? '1' : '0';
    snprintf(signature, sizeof signature, "t=%lld,v1=%s", now, hex);
    return add_header(wsi, "anchor-signature:", signature, at, end);
}

/* Whether a type from a file can stand in a header. */
static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

static bool add_headers(struct exchange *exchange, struct lws *wsi, unsigned char **at,
                        unsigned char *end)
{
    char length[24], hex[33], delivery[40];

    dice_hex(&exchange->sender->dice, hex, 32);
    snprintf(delivery, sizeof delivery, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
    snprintf(length, sizeof length, "%zu", exchange->length);
    return add_header(wsi, "user-agent:", "anchortop/" ANCHORTOP_VERSION, at, end) &&
           add_header(wsi, "content-type:", "application/json", at, end) &&
           add_header(wsi, "content-length:", length, at, end) &&
           (!is_plain(exchange->type) ||
            add_header(wsi, "anchor-event:", exchange->type, at, end)) &&
           add_header(wsi, "anchor-delivery-id:", delivery, at, end) &&
           add_signature(exchange, wsi, at, end);
}

/* In parts that a socket takes which can be written to: the library keeps what does not fit, and
 * would wait for ever to get rid of it when the other side answers early and goes. */
static int write_body(struct exchange *exchange, struct lws *wsi)
{
    enum { PART = 16384 };
    size_t left = exchange->length - exchange->sent, part = left < PART ? left : PART;
    bool last = part == left;
    unsigned char *bytes = exchange->buffer + LWS_PRE + exchange->sent;

    if (last)
        lws_client_http_body_pending(wsi, 0);
    if (lws_write(wsi, bytes, part, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    exchange->sent += part;
    if (!last)
        lws_callback_on_writable(wsi);
    return 0;
}

static int read_some(struct lws *wsi)
{
    char buffer[LWS_PRE + 2048], *start = buffer + LWS_PRE;
    int length = (int)sizeof buffer - LWS_PRE;
    return lws_http_client_read(wsi, &start, &length) < 0 ? -1 : 0;
}

static void keep_answer(struct exchange *exchange, const char *bytes, size_t length)
{
    size_t room = sizeof exchange->answer - 1 - exchange->answered;
    size_t taken = length < room ? length : room;
    memcpy(exchange->answer + exchange->answered, bytes, taken);
    exchange->answered += taken;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t length)
{
    struct exchange *exchange = user;
    if (!exchange || !exchange->busy)
        return 0;

    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
        unsigned char **at = in;
        if (!add_headers(exchange, wsi, at, *at + length))
            return -1;
        lws_client_http_body_pending(wsi, 1);
        lws_callback_on_writable(wsi);
        return 0;
    }
    case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE: return write_body(exchange, wsi);
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
        exchange->status = lws_http_client_http_response(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP: return read_some(wsi);
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ: keep_answer(exchange, in, length); return 0;
    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
        lws_set_wsi_user(wsi, NULL); /* its end is not that of the next delivery */
        finish(exchange, NULL);
        return -1;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        finish(exchange, in ? in : "the connection was refused or broke off");
        return 0;
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
        finish(exchange, exchange->status ? NULL : "the connection was closed without an answer");
        return 0;
    default: return 0;
    }
}

static const struct lws_protocols protocols[] = {{.name = "send", .callback = on_http}, {0}};

static bool parse_url(struct sender *sender, const char *url, char *reason, size_t reason_size)
{
    const char *scheme, *path;
    bool known = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;

    sender->uri = strdup(url);
    sender->path = malloc(strlen(url) + 2);
    if (!sender->uri || !sender->path) {
        snprintf(reason, reason_size, "there is no memory left");
        return false;
    }
    if (!known || strpbrk(url, " \t\r\n") ||
        lws_parse_uri(sender->uri, &scheme, &sender->address, &sender->port, &path) ||
        !*sender->address || sender->port < 1 || sender->port > 65535) {
        snprintf(reason, reason_size,
                 "--url: \"%.200s\" is no http or https URL; write for example "
                 "http://127.0.0.1:8484/anchor/webhooks",
                 url);
        return false;
    }
    snprintf(sender->path, strlen(url) + 2, "/%s", path);
    sender->tls = strcmp(scheme, "https") == 0;
    bool v6 = strchr(sender->address, ':') != NULL;
    snprintf(sender->host, sizeof sender->host, "%s%s%s:%d", v6 ? "[" : "", sender->address,
             v6 ? "]" : "", sender->port);
    return true;
}

struct sender *sender_new(const struct send_config *config, char *reason, size_t reason_size)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .connect_timeout_secs = SEND_TIMEOUT_S,
        .timeout_secs = SEND_TIMEOUT_S,
    };
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender) {
        snprintf(reason, reason_size, "there is no memory left");
        return NULL;
    }
    sender->config = *config;
    for (size_t i = 0; i < SEND_MAX_PARALLEL; i++)
        sender->exchanges[i].sender = sender;
    if (!parse_url(sender, config->url, reason, reason_size)) {
        sender_free(sender);
        return NULL;
    }
    if (sender->tls)
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    lws_set_log_level(0, NULL);
    sender->signer = signer_new();
    sender->lws = sender->signer ? lws_create_context(&info) : NULL;
    if (!sender->lws || getrandom(&sender->dice.state, sizeof sender->dice.state, 0) < 0) {
        snprintf(reason, reason_size, "the HTTP client could not be set up");
        sender_free(sender);
        return NULL;
    }
    return sender;
}

void sender_free(struct sender *sender)
{
    if (!sender)
        return;
    for (size_t i = 0; i < SEND_MAX_PARALLEL; i++)
        sender->exchanges[i].busy = false;
    if (sender->lws)
        lws_context_destroy(sender->lws);
    for (size_t i = 0; i < SEND_MAX_PARALLEL; i++)
        free(sender->exchanges[i].buffer);
    signer_free(sender->signer);
    free(sender->uri);
    free(sender->path);
    free(sender);
}

bool sender_run(struct sender *sender)
{
    lws_sul_schedule(sender->lws, 0, &sender->pump, pump, 1);
    while (!sender->stopped && (!sender->ended || sender->busy))
        lws_service(sender->lws, 0);
    return !sender->stopped;
}

void sender_stop(struct sender *sender)
{
    sender->stopped = true;
    lws_cancel_service(sender->lws);
}
