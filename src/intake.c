/*
 * The checks of a request's headers, in the order in which they are made, and of its body.
 *
 * Framing comes first: when it is unclear where a request ends, nothing else that it says can be
 * believed, and the connection has to go.
 */
#include "intake.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "host.h"

static const char health_path[] = "/healthz";

__attribute__((format(printf, 4, 5))) static bool refuse(struct verdict *verdict, unsigned status,
                                                         bool close, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->reason, sizeof verdict->reason, format, arguments);
    va_end(arguments);
    verdict->status = status;
    verdict->close = close;
    return false;
}

/* Whether bytes follow the headers. When they are not read, the connection cannot be kept. */
static bool has_body(const struct verdict *verdict)
{
    return verdict->framing == INTAKE_CHUNKED ||
           (verdict->framing == INTAKE_LENGTH && verdict->content_length > 0);
}

/* Decimal digits and nothing else. A number that is too large for any body is no syntax error: it
 * becomes UINT64_MAX. */
static bool parse_length(const char *text, uint64_t *length)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    uint64_t value = 0;
    for (; *text; text++) {
        unsigned digit = (unsigned)(*text - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *length = value;
    return true;
}

static bool check_framing(const struct intake_head *head, struct verdict *verdict)
{
    if (head->content_length && head->transfer_encoding)
        return refuse(verdict, 400, true,
                      "both Content-Length and Transfer-Encoding: where the body ends is unclear");
    if (head->transfer_encoding) {
        if (strcasecmp(head->transfer_encoding, "chunked") != 0)
            return refuse(verdict, 400, true, "Transfer-Encoding is not \"chunked\"");
        verdict->framing = INTAKE_CHUNKED;
    } else if (head->content_length) {
        if (strchr(head->content_length, ','))
            return refuse(verdict, 400, true, "more than one Content-Length");
        if (!parse_length(head->content_length, &verdict->content_length))
            return refuse(verdict, 400, true, "Content-Length is not a number");
        verdict->framing = INTAKE_LENGTH;
    }
    return true;
}

static bool check_method(const struct intake_head *head, struct verdict *verdict)
{
    if (strcmp(head->method, "POST") == 0)
        return true;
    return refuse(verdict, 405, has_body(verdict), "only POST delivers events");
}

static bool check_target(const struct intake_rules *rules, const struct intake_head *head,
                         struct verdict *verdict)
{
    /* CONNECT names an authority and OPTIONS may name "*": these are a matter of the method. */
    if (!rules->path || head->path[0] != '/' || strcmp(head->path, rules->path) == 0)
        return true;
    return refuse(verdict, 404, has_body(verdict),
                  "not the path that takes deliveries: compare the webhook's URL with --path");
}

static bool check_body_head(const struct intake_head *head, struct verdict *verdict)
{
    if (verdict->framing == INTAKE_NO_BODY)
        return refuse(verdict, 411, true, "neither Content-Length nor a chunked body");
    if (verdict->framing == INTAKE_LENGTH && verdict->content_length > INTAKE_MAX_BODY)
        return refuse(verdict, 413, true, "the body is larger than %d MiB", INTAKE_MAX_BODY >> 20);
    if (!head->expect)
        return true;
    if (strcasecmp(head->expect, "100-continue") != 0)
        return refuse(verdict, 417, has_body(verdict), "Expect is not \"100-continue\"");
    verdict->send_continue = has_body(verdict);
    return true;
}

/* A body that is not wanted is skipped when that is sure to be quick: its sender means to send it,
 * and may want to use the connection again. */
static bool refuse_unread(struct verdict *verdict, unsigned status, const char *reason)
{
    bool skip = !verdict->send_continue && verdict->framing == INTAKE_LENGTH &&
                verdict->content_length <= INTAKE_MAX_SKIP;
    verdict->send_continue = false;
    return refuse(verdict, status, has_body(verdict) && !skip, "%s", reason);
}

/* Whether a media type is JSON: "application/json", "application/cloudevents+json". */
static bool is_json_type(const char *type)
{
    size_t length = strcspn(type, "; \t");
    if (length == 16 && strncasecmp(type, "application/json", length) == 0)
        return true;
    return length > 17 && strncasecmp(type, "application/", 12) == 0 &&
           strncasecmp(type + length - 5, "+json", 5) == 0;
}

/* Without a secret only programs of this machine are believed. A web page that is open on it can
 * send too, but not without naming itself, or its host, or with a JSON type unless it has asked
 * before. */
static bool check_local(const struct intake_head *head, struct verdict *verdict)
{
    static const char remedy[] = "set ANCHOR_WEBHOOK_SECRET, or allow it with --insecure";
    char reason[INTAKE_REASON_SIZE];
    bool from_page = head->origin || (head->fetch_site && strcasecmp(head->fetch_site, "none") &&
                                      strcasecmp(head->fetch_site, "same-origin"));
    if (from_page) {
        snprintf(reason, sizeof reason, "a web page sent this (%s), and there is no secret: %s",
                 head->origin ? "Origin" : "Sec-Fetch-Site", remedy);
        return refuse_unread(verdict, 403, reason);
    }
    if (head->host && !host_is_loopback(head->host)) {
        snprintf(reason, sizeof reason,
                 "Host is %.40s, not this machine, and there is no secret: %s",
                 *head->host ? head->host : "empty", remedy);
        return refuse_unread(verdict, 403, reason);
    }
    if (head->content_type && is_json_type(head->content_type))
        return true;
    return refuse_unread(verdict, 415, "without a secret, Content-Type has to be application/json");
}

/* Whoever cannot be believed is told so before anything of the body is kept. */
static bool check_sender(const struct intake_rules *rules, const struct intake_head *head,
                         int64_t now_ms, struct verdict *verdict)
{
    char reason[INTAKE_REASON_SIZE];
    if (secrets_count(rules->secrets) == 0)
        return rules->insecure || check_local(head, verdict);
    if (signature_check_head(head->signature, head->timestamp, now_ms / 1000, reason,
                             sizeof reason))
        return true;
    return refuse_unread(verdict, 401, reason);
}

static bool is_health_check(const struct intake_head *head)
{
    return strcmp(head->path, health_path) == 0 &&
           (strcmp(head->method, "GET") == 0 || strcmp(head->method, "HEAD") == 0);
}

struct verdict intake_head(const struct intake_rules *rules, const struct intake_head *head,
                           int64_t now_ms)
{
    struct verdict verdict = {.status = 200};
    if (!check_framing(head, &verdict))
        return verdict;
    if (is_health_check(head)) {
        verdict.health = true;
        verdict.close = has_body(&verdict);
        return verdict;
    }
    if (check_method(head, &verdict) && check_target(rules, head, &verdict) &&
        check_body_head(head, &verdict))
        check_sender(rules, head, now_ms, &verdict);
    return verdict;
}

struct verdict intake_body(const struct intake_rules *rules, struct signer *signer,
                           const struct intake_head *head, const char *body, size_t length,
                           int64_t now_ms, struct event *event, bool *verified)
{
    struct verdict verdict = {.status = 200};
    *verified = false;
    if (secrets_count(rules->secrets) > 0) {
        if (!signature_check(signer, rules->secrets, head->signature, head->timestamp, body, length,
                             now_ms / 1000, verdict.reason, sizeof verdict.reason)) {
            verdict.status = 401;
            return verdict;
        }
        *verified = true;
    }
    if (!event_accept(event, body, length, verdict.reason, sizeof verdict.reason))
        verdict.status = 400;
    return verdict;
}
