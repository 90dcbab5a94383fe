/*
 * The signed sender behind `anchortop send` and `--demo`: libcurl's multi interface, with a pipe
 * that ends its waiting.
 */
#include "send.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "dice.h"
#include "host.h"

enum {
    STALE_BY = 3600,
    HEADER_SIZE = 160,
    MAX_ANSWER = 64 << 10, /* bytes of head and body; nobody needs more to say yes or no */
    LONGEST_WAIT_MS = 1000,
};

/* One connection's worth of state: a delivery under way, or nothing. */
struct transfer {
    struct sender *sender;
    CURL *curl;
    struct curl_slist *headers;
    bool busy;
    char *body;
    size_t length;
    char type[SEND_NAME_SIZE], id[SEND_NAME_SIZE];
    enum send_flaw flaw;
    int64_t began_us;
    size_t received; /* of the answer, interim ones included */
    char answer[SEND_ANSWER_SIZE];
    size_t answered;
    char error[CURL_ERROR_SIZE];
};

struct sender {
    struct send_config config;
    CURLM *multi;
    struct signer *signer;
    struct dice dice;
    struct transfer transfers[SEND_MAX_PARALLEL];
    unsigned busy;
    bool ended;  /* the source has no more */
    bool direct; /* to this machine: no proxy can reach that */
    int ends[2]; /* a byte in it ends the waiting */
    atomic_bool stopped;
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Why no answer came that counts, in words. */
static void explain(const struct transfer *transfer, CURLcode code, char *out, size_t size)
{
    const char *detail = *transfer->error ? transfer->error : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        snprintf(out, size,
                 transfer->received ? "the answer did not end within %d s"
                                    : "no answer came within %d s",
                 SEND_TIMEOUT_S);
        break;
    case CURLE_WRITE_ERROR:
        snprintf(out, size, "the answer is longer than %d KiB", MAX_ANSWER >> 10);
        break;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
    case CURLE_OUT_OF_MEMORY: /* also what libcurl says of one header that is too long for it */
        snprintf(out, size, "the answer's head is too long, or there is no memory left");
        break;
    case CURLE_GOT_NOTHING:
        snprintf(out, size, "the connection was closed without an answer");
        break;
    case CURLE_PARTIAL_FILE:
        snprintf(out, size, "the connection was closed before the answer's end");
        break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: snprintf(out, size, "the answer is not HTTP: %s", detail); break;
    case CURLE_PEER_FAILED_VERIFICATION:
        snprintf(out, size, "the certificate is not trusted: %s", detail);
        break;
    default: snprintf(out, size, "%s", detail);
    }
}

/* Ends a delivery. */
static void finish(struct transfer *transfer, CURLcode code)
{
    struct sender *sender = transfer->sender;
    char said[CURL_ERROR_SIZE + 64];
    const char *elsewhere = NULL;
    long status = 0;

    if (code == CURLE_OK) {
        curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(transfer->curl, CURLINFO_REDIRECT_URL, &elsewhere);
    } else {
        explain(transfer, code, said, sizeof said);
    }
    if (elsewhere)
        snprintf(said, sizeof said, "deliveries follow no redirect; this one leads to %s",
                 elsewhere);
    transfer->answer[transfer->answered] = '\0';
    bool own_words = code != CURLE_OK || elsewhere;
    const struct send_result result = {.type = transfer->type,
                                       .id = transfer->id,
                                       .status = (unsigned)status,
                                       .answer = own_words ? said : transfer->answer,
                                       .micros = monotonic_us() - transfer->began_us};
    transfer->busy = false;
    sender->busy--;
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    free(transfer->body);
    transfer->body = NULL;
    sender->config.answered(sender->config.context, &result);
}

/* What libcurl is told to take less than, it takes as a failure: the one of an endless answer. */
static size_t count_answer(struct transfer *transfer, size_t length)
{
    transfer->received += length;
    return transfer->received <= MAX_ANSWER ? length : 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    return count_answer(context, size * count);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    size_t room = sizeof transfer->answer - 1 - transfer->answered;
    size_t taken = length < room ? length : room;
    memcpy(transfer->answer + transfer->answered, bytes, taken);
    transfer->answered += taken;
    return count_answer(transfer, length);
}

static bool add_header(struct transfer *transfer, const char *name, const char *value)
{
    char line[HEADER_SIZE];
    snprintf(line, sizeof line, "%s:%s%s", name, *value ? " " : "", value);
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer)
        transfer->headers = longer;
    return longer;
}

static bool add_signature(struct transfer *transfer)
{
    struct sender *sender = transfer->sender;
    char hex[SIGNATURE_HEX_SIZE], timestamp[24], signature[128];
    long long now = (long long)time(NULL);

    if (transfer->flaw == SEND_STALE_TIMESTAMP)
        now -= STALE_BY;
    snprintf(timestamp, sizeof timestamp, "%lld", now);
    if (!add_header(transfer, "Anchor-Timestamp", timestamp))
        return false;
    if (secrets_count(sender->config.secrets) == 0)
        return true;
    if (!signature_make(sender->signer, sender->config.secrets, now, transfer->body,
                        transfer->length, hex))
        return false;
    if (transfer->flaw == SEND_WRONG_SIGNATURE)
        hex[0] = hex[0] == '0' ? '1' : '0';
    snprintf(signature, sizeof signature, "t=%lld,v1=%s", now, hex);
    return add_header(transfer, "Anchor-Signature", signature);
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

/* Anchor sends a body without asking first, so "Expect", which libcurl would add, is left out. */
static bool add_headers(struct transfer *transfer)
{
    char hex[33], delivery[40];

    dice_hex(&transfer->sender->dice, hex, 32);
    snprintf(delivery, sizeof delivery, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
    return add_header(transfer, "Expect", "") && add_header(transfer, "Accept", "") &&
           add_header(transfer, "Content-Type", "application/json") &&
           (!is_plain(transfer->type) || add_header(transfer, "Anchor-Event", transfer->type)) &&
           add_header(transfer, "Anchor-Delivery-Id", delivery) && add_signature(transfer);
}

/* No program that is started beside it shall hold a connection open. */
static int keep_private(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)context, (void)purpose;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

/* What is the same for all deliveries. A certificate's authority can be named as OpenSSL's own
 * programs have it. */
static bool set_up_transfer(struct transfer *transfer, const char *url)
{
    const char *file = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
    CURL *curl = transfer->curl = curl_easy_init();
    return curl && curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "anchortop/" ANCHORTOP_VERSION) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, SEND_TIMEOUT_S * 1000L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->error) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, keep_private) == CURLE_OK &&
           (!transfer->sender->direct || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK) &&
           (!file || curl_easy_setopt(curl, CURLOPT_CAINFO, file) == CURLE_OK) &&
           (!folder || curl_easy_setopt(curl, CURLOPT_CAPATH, folder) == CURLE_OK);
}

static void begin(struct transfer *transfer, struct send_item *item)
{
    struct sender *sender = transfer->sender;
    CURL *curl = transfer->curl;

    transfer->body = item->body;
    transfer->length = item->length;
    memcpy(transfer->type, item->type, sizeof transfer->type);
    memcpy(transfer->id, item->id, sizeof transfer->id);
    transfer->flaw = item->flaw;
    transfer->received = transfer->answered = 0;
    transfer->error[0] = '\0';
    transfer->busy = true;
    transfer->began_us = monotonic_us();
    sender->busy++;
    if (!add_headers(transfer) ||
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, transfer->body) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->length) !=
            CURLE_OK ||
        curl_multi_add_handle(sender->multi, curl) != CURLM_OK)
        finish(transfer, CURLE_OUT_OF_MEMORY);
}

/* Begins deliveries while there are free connections and events for them. Returns after how many
 * microseconds to ask again. */
static int64_t begin_some(struct sender *sender)
{
    for (unsigned i = 0; i < sender->config.parallel && !sender->ended && !sender->stopped; i++) {
        struct transfer *transfer = &sender->transfers[i];
        struct send_item item = {0};
        int64_t wait_us = 0;
        if (transfer->busy)
            continue;
        switch (sender->config.next(sender->config.context, &item, &wait_us)) {
        case SEND_ITEM: begin(transfer, &item); break;
        case SEND_WAIT: return wait_us > 0 ? wait_us : 1;
        case SEND_END: sender->ended = true; break;
        }
    }
    return INT64_MAX;
}

/* Whether any delivery has ended. */
static bool finish_some(struct sender *sender)
{
    bool any = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(sender->multi, &left));) {
        struct transfer *transfer = NULL;
        CURLcode code = message->data.result;
        CURL *curl = message->easy_handle;
        curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&transfer);
        curl_multi_remove_handle(sender->multi, curl);
        finish(transfer, code);
        any = true;
    }
    return any;
}

bool sender_run(struct sender *sender)
{
    struct curl_waitfd stop = {.fd = sender->ends[0], .events = CURL_WAIT_POLLIN};
    while (!sender->stopped) {
        int64_t wait_us = begin_some(sender);
        int running;
        if (sender->ended && !sender->busy)
            return true;
        if (curl_multi_perform(sender->multi, &running) != CURLM_OK)
            return false;
        if (finish_some(sender))
            continue;
        int64_t wait_ms =
            wait_us < LONGEST_WAIT_MS * INT64_C(1000) ? (wait_us + 999) / 1000 : LONGEST_WAIT_MS;
        curl_multi_poll(sender->multi, &stop, 1, (int)wait_ms, NULL);
    }
    return false;
}

void sender_stop(struct sender *sender)
{
    int before = errno;
    sender->stopped = true;
    ssize_t ignored = write(sender->ends[1], "", 1);
    (void)ignored;
    errno = before;
}

/* Looks at a URL before anything is sent there. */
static bool check_url(struct sender *sender, const char *text, char *reason, size_t reason_size)
{
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL, *port = NULL;
    bool good = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
                curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                strcmp(port, "0") != 0;
    if (!good)
        snprintf(reason, reason_size,
                 "--url: \"%.200s\" is not an http or https URL; write for example "
                 "http://127.0.0.1:8484/anchor/webhooks",
                 text);
    sender->direct = good && host_is_loopback(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    return good;
}

static bool open_pipe(int ends[2])
{
    if (pipe(ends) < 0) {
        ends[0] = ends[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

static bool set_up(struct sender *sender, const char *url)
{
    sender->signer = signer_new();
    sender->multi = curl_multi_init();
    for (size_t i = 0; i < SEND_MAX_PARALLEL; i++) {
        sender->transfers[i].sender = sender;
        if (!set_up_transfer(&sender->transfers[i], url))
            return false;
    }
    return sender->signer && sender->multi && open_pipe(sender->ends) &&
           getrandom(&sender->dice.state, sizeof sender->dice.state, 0) ==
               (ssize_t)sizeof sender->dice.state;
}

struct sender *sender_new(const struct send_config *config, char *reason, size_t reason_size)
{
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(sender);
        snprintf(reason, reason_size, "there is no memory left");
        return NULL;
    }
    sender->config = *config;
    sender->ends[0] = sender->ends[1] = -1;
    if (check_url(sender, config->url, reason, reason_size)) {
        if (set_up(sender, config->url))
            return sender;
        snprintf(reason, reason_size, "the HTTP client could not be set up");
    }
    sender_free(sender);
    return NULL;
}

void sender_free(struct sender *sender)
{
    if (!sender)
        return;
    for (size_t i = 0; i < SEND_MAX_PARALLEL; i++) {
        struct transfer *transfer = &sender->transfers[i];
        if (transfer->busy)
            curl_multi_remove_handle(sender->multi, transfer->curl);
        curl_easy_cleanup(transfer->curl);
        curl_slist_free_all(transfer->headers);
        free(transfer->body);
    }
    curl_multi_cleanup(sender->multi);
    for (int i = 0; i < 2; i++)
        if (sender->ends[i] >= 0)
            close(sender->ends[i]);
    signer_free(sender->signer);
    free(sender);
}
